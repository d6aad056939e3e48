package io.leveret.broker.amqp.checklist;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.leveret.broker.amqp.behaviour.TestBroker;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** More: {@code behaviour.RequeueOrderTests}, {@code AckNackRejectTests}, {@code RecoverTests}. */
@Tag("behaviour")
@DisplayName("13.11 Requeue brings back the order of publishing, redelivered in every way")
class Line11RequeueTests {
    @RegisterExtension
    final TestBroker broker = new TestBroker();

    enum Way {
        NACK_MULTIPLE {
            @Override
            void requeue(TestBroker broker, Channel channel) throws IOException {
                channel.basicNack(4, true, true);
            }
        },
        NACK_EACH_BACKWARDS {
            @Override
            void requeue(TestBroker broker, Channel channel) throws IOException {
                for (long tag : List.of(4, 2, 1)) {
                    channel.basicNack(tag, false, true);
                }
            }
        },
        REJECT_SINGLE {
            @Override
            void requeue(TestBroker broker, Channel channel) throws IOException {
                for (long tag : List.of(2, 4, 1)) {
                    channel.basicReject(tag, true);
                }
            }
        },
        RECOVER {
            @Override
            void requeue(TestBroker broker, Channel channel) throws IOException {
                channel.basicRecover(true);
            }
        },
        CHANNEL_CLOSE {
            @Override
            void requeue(TestBroker broker, Channel channel) throws IOException {
                channel.abort();
            }
        },
        CHANNEL_ERROR {
            @Override
            void requeue(TestBroker broker, Channel channel) throws IOException {
                channel.basicAck(99, false);
            }
        },
        CONNECTION_CLOSE {
            @Override
            void requeue(TestBroker broker, Channel channel) throws IOException {
                channel.getConnection().close();
            }
        },
        CONNECTION_DROP {
            @Override
            void requeue(TestBroker broker, Channel channel) throws IOException {
                broker.drop(channel.getConnection());
            }
        };

        abstract void requeue(TestBroker broker, Channel channel) throws IOException;
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("of five messages four are taken, one of them acked; after")
    void comesBackInOrder(Way way) throws IOException {
        Channel witness = broker.channel();
        String queue = broker.queue(witness);
        TestBroker.publish(witness, queue, "a", "b", "c", "d", "e");
        TestBroker.awaitReady(witness, queue, 5);
        Connection taker = broker.connect();
        Channel channel = taker.createChannel();
        for (int i = 0; i < 4; i++) {
            assertThat(channel.basicGet(queue, false).getEnvelope().isRedeliver())
                    .isFalse();
        }
        channel.basicAck(3, false);

        way.requeue(broker, channel);

        TestBroker.awaitReady(witness, queue, 4);
        List<String> seen = new ArrayList<>();
        for (var got = witness.basicGet(queue, true); got != null; got = witness.basicGet(queue, true)) {
            assertThat(got.getProps().getHeaders())
                    .as("counters of deliveries, which classic queues do not have")
                    .isNull();
            seen.add(TestBroker.text(got.getBody()) + (got.getEnvelope().isRedeliver() ? " again" : ""));
        }
        assertThat(seen).containsExactly("a again", "b again", "d again", "e");
    }
}
