package io.leveret.broker.amqp.behaviour;

import static io.leveret.broker.amqp.behaviour.CloseAssertions.assertThatChannelCloses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What becomes of channels that do not acknowledge in time, where that is limited. */
@Tag("behaviour")
class ConsumerTimeoutTests {
    @RegisterExtension
    static final ImpatientBroker BROKER = new ImpatientBroker(600);

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void channelIsClosedAndItsDeliveriesGoBack() throws IOException {
        Channel channel = BROKER.channel();
        String queue = channel.queueDeclare("", false, true, false, null).getQueue();
        Deliveries deliveries = Deliveries.of(channel, queue);
        TestBroker.publish(channel, queue, "a");

        assertThatChannelCloses(
                channel,
                deliveries::next,
                406,
                "PRECONDITION_FAILED - delivery acknowledgement on channel " + channel.getChannelNumber()
                        + " timed out. Timeout value used: " + BROKER.timeoutMillis()
                        + " ms. This timeout value can be configured, see consumers doc guide to learn more",
                0,
                0);

        Channel other = BROKER.channel();
        assertThat(other.basicGet(queue, true).getEnvelope().isRedeliver()).isTrue();
    }

    @Test
    void getIsTimedOutToo() throws IOException {
        Channel channel = BROKER.channel();
        String queue = channel.queueDeclare().getQueue();
        TestBroker.publish(channel, queue, "a");
        TestBroker.awaitReady(channel, queue, 1);
        channel.basicGet(queue, false);

        await().atMost(PATIENCE).until(() -> !channel.isOpen());

        assertThat(channel.getCloseReason().getMessage()).contains("timed out. Timeout value used: 600 ms.");
    }

    @Test
    void channelsThatAcknowledgeOrNeedNotAreLeftAlone() throws IOException {
        Channel late = BROKER.channel();
        Channel prompt = BROKER.channel();
        Channel unasked = BROKER.channel();
        String queue = late.queueDeclare().getQueue();
        String promptQueue = prompt.queueDeclare().getQueue();
        String unaskedQueue = unasked.queueDeclare().getQueue();
        Deliveries promptly = Deliveries.of(prompt, promptQueue);
        TestBroker.publish(prompt, promptQueue, "a");
        prompt.basicAck(promptly.nextTag(), false);
        Deliveries unaskedFor = Deliveries.noAck(unasked, unaskedQueue);
        TestBroker.publish(unasked, unaskedQueue, "a");
        unaskedFor.next();
        Deliveries.of(late, queue);
        TestBroker.publish(late, queue, "a");

        await().atMost(PATIENCE).until(() -> !late.isOpen());

        assertThat(prompt.isOpen()).isTrue();
        assertThat(unasked.isOpen()).isTrue();
    }
}
