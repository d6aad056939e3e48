package io.leveret.broker.amqp.checklist;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.leveret.broker.amqp.behaviour.Deliveries;
import io.leveret.broker.amqp.behaviour.TestBroker;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** More: {@code behaviour.QueueLifetimeTests}, {@code ExchangeLifetimeTests}, {@code ExclusiveQueueTests}. */
@Tag("behaviour")
@DisplayName("13.5 What is auto-deleted or exclusive is gone as soon as the -ok is there")
class Line05AbsenceTests {
    /** Each is repeated, since a removal that comes a moment too late is noticed only sometimes. */
    private static final int REPETITIONS = 25;

    @RegisterExtension
    final TestBroker broker = new TestBroker();

    enum Ending {
        CANCEL_OK {
            @Override
            void of(Channel channel, String tag) throws IOException {
                channel.basicCancel(tag);
            }
        },
        CHANNEL_CLOSE_OK {
            @Override
            void of(Channel channel, String tag) throws IOException {
                close(channel);
            }
        },
        CONNECTION_CLOSE_OK {
            @Override
            void of(Channel channel, String tag) throws IOException {
                channel.getConnection().close();
            }
        };

        abstract void of(Channel channel, String tag) throws IOException;
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("auto-delete queue and the auto-delete exchange it was bound to, after")
    void autoDelete(Ending ending) throws IOException {
        Connection witness = broker.connect();
        for (int i = 0; i < REPETITIONS; i++) {
            Channel channel = broker.channelOnNewConnection();
            String queue = broker.name();
            String exchange = broker.name();
            channel.exchangeDeclare(exchange, "fanout", false, true, null);
            channel.queueDeclare(queue, false, false, true, null);
            channel.queueBind(queue, exchange, "");
            Deliveries deliveries = Deliveries.of(channel, queue);

            ending.of(channel, deliveries.tag());

            assertThat(TestBroker.queueExists(witness, queue)).as("queue").isFalse();
            assertThat(TestBroker.exchangeExists(witness, exchange))
                    .as("exchange")
                    .isFalse();
            channel.getConnection().abort();
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("exclusive queue only after connection.close-ok, not after")
    void exclusive(Ending ending) throws IOException {
        Connection witness = broker.connect();
        for (int i = 0; i < REPETITIONS; i++) {
            Channel channel = broker.channelOnNewConnection();
            Connection owner = channel.getConnection();
            String queue = broker.name();
            String exchange = broker.name();
            channel.exchangeDeclare(exchange, "fanout", false, true, null);
            channel.queueDeclare(queue, false, true, false, null);
            channel.queueBind(queue, exchange, "");
            Deliveries deliveries = Deliveries.of(channel, queue);

            ending.of(channel, deliveries.tag());

            if (ending == Ending.CONNECTION_CLOSE_OK) {
                assertThat(TestBroker.queueExists(witness, queue)).as("queue").isFalse();
                assertThat(TestBroker.exchangeExists(witness, exchange))
                        .as("exchange")
                        .isFalse();
            } else {
                assertThat(TestBroker.queueExists(owner, queue)).as("queue").isTrue();
            }
            owner.abort();
        }
    }

    private static void close(Channel channel) throws IOException {
        try {
            channel.close();
        } catch (TimeoutException e) {
            throw new IOException("no close-ok", e);
        }
    }
}
