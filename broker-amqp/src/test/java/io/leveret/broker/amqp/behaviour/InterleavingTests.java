package io.leveret.broker.amqp.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Delivery;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Channels of one connection work at the same time without mixing up. */
@Tag("behaviour")
class InterleavingTests {
    private static final int CHANNELS = 4;
    private static final int MESSAGES = 50;

    @RegisterExtension
    final TestBroker broker = new TestBroker();

    @Test
    void largeMessagesOfSeveralChannelsArriveWhole() throws IOException, InterruptedException, ExecutionException {
        Connection connection = broker.connect(factory -> factory.setRequestedFrameMax(8_192));
        List<String> queues = new ArrayList<>();
        List<Deliveries> consumers = new ArrayList<>();
        List<Callable<Void>> publishers = new ArrayList<>();
        for (int i = 0; i < CHANNELS; i++) {
            Channel consuming = connection.createChannel();
            String queue = broker.queue(consuming);
            queues.add(queue);
            consumers.add(Deliveries.noAck(consuming, queue));
            Channel publishing = connection.createChannel();
            byte mark = (byte) i;
            publishers.add(() -> {
                for (int n = 0; n < MESSAGES; n++) {
                    publishing.basicPublish("", queue, null, body(mark, n));
                }
                return null;
            });
        }

        runTogether(publishers);

        for (int i = 0; i < CHANNELS; i++) {
            for (int n = 0; n < MESSAGES; n++) {
                Delivery delivery = consumers.get(i).next();
                assertThat(delivery.getEnvelope().getRoutingKey()).isEqualTo(queues.get(i));
                assertThat(Arrays.equals(delivery.getBody(), body((byte) i, n)))
                        .as("message %s of channel %s", n, i)
                        .isTrue();
            }
        }
    }

    @Test
    void requestsOfSeveralChannelsAreAnsweredEachOnItsOwn()
            throws IOException, InterruptedException, ExecutionException {
        List<Callable<Void>> requesters = new ArrayList<>();
        for (int i = 0; i < CHANNELS; i++) {
            Channel channel = broker.channel();
            requesters.add(() -> {
                for (int n = 0; n < 20; n++) {
                    String queue = channel.queueDeclare().getQueue();
                    TestBroker.publish(channel, queue, queue);
                    assertThat(TestBroker.drain(channel, queue)).containsExactly(queue);
                    channel.queueDelete(queue);
                }
                return null;
            });
        }

        runTogether(requesters);
    }

    @Test
    void messagesOfEachPublisherStayInOrderInSharedQueue()
            throws IOException, InterruptedException, ExecutionException {
        Channel consuming = broker.channel();
        String queue = broker.queue(consuming);
        List<Callable<Void>> publishers = new ArrayList<>();
        for (int i = 0; i < CHANNELS; i++) {
            Channel channel = i % 2 == 0 ? broker.channel() : broker.channelOnNewConnection();
            int publisher = i;
            publishers.add(() -> {
                for (int n = 0; n < MESSAGES; n++) {
                    TestBroker.publish(channel, queue, publisher + ":" + n);
                }
                return null;
            });
        }
        Deliveries deliveries = Deliveries.noAck(consuming, queue);

        runTogether(publishers);

        int[] next = new int[CHANNELS];
        for (String body : deliveries.nextBodies(CHANNELS * MESSAGES)) {
            String[] parts = body.split(":");
            int publisher = Integer.parseInt(parts[0]);
            assertThat(Integer.parseInt(parts[1])).as(body).isEqualTo(next[publisher]++);
        }
    }

    private static byte[] body(byte mark, int number) {
        byte[] body = new byte[40_000];
        Arrays.fill(body, mark);
        body[0] = (byte) number;
        body[body.length - 1] = (byte) number;
        return body;
    }

    private static void runTogether(List<Callable<Void>> tasks) throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
        try {
            for (Future<Void> done : threads.invokeAll(tasks)) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
