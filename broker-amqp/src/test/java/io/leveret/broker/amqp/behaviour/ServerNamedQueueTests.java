package io.leveret.broker.amqp.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("behaviour")
class ServerNamedQueueTests {
    @RegisterExtension
    final TestBroker broker = new TestBroker();

    @Test
    void nameIsGenerated() throws IOException {
        String queue = broker.channel().queueDeclare().getQueue();

        assertThat(queue).matches("amq\\.gen-[A-Za-z0-9_-]{22}");
    }

    @Test
    void namesDiffer() throws IOException {
        Channel channel = broker.channel();
        Set<String> names = new HashSet<>();

        for (int i = 0; i < 20; i++) {
            names.add(channel.queueDeclare().getQueue());
        }

        assertThat(names).hasSize(20);
    }

    @Test
    void generatedNameWorksAsAnyOther() throws IOException {
        Channel channel = broker.channel();
        String queue = channel.queueDeclare().getQueue();
        channel.queueBind(queue, "amq.topic", queue + ".#");

        channel.basicPublish("amq.topic", queue + ".x", null, TestBroker.bytes("a"));
        TestBroker.publish(channel, queue, "b");

        assertThat(TestBroker.drain(channel, queue)).containsExactly("a", "b");
    }

    @Test
    void sharedAndDurableQueuesMayBeServerNamedToo() throws IOException {
        Channel channel = broker.channel();

        String queue = broker.cleanUp(
                channel.queueDeclare("", true, false, false, null).getQueue());

        assertThat(queue).startsWith("amq.gen-");
        assertThat(TestBroker.queueExists(broker.connect(), queue)).isTrue();
    }
}
