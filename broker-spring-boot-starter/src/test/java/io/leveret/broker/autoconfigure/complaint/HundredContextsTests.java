package io.leveret.broker.autoconfigure.complaint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import io.leveret.broker.autoconfigure.BrokerAutoConfiguration;
import io.leveret.broker.autoconfigure.rabbit.RabbitBrokerConnectionAutoConfiguration;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.boot.Banner;
import org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Tag("behaviour")
@Tag("not-rabbitmq-3.10") // is about brokers inside
class HundredContextsTests {
    private static final int WARM_UPS = 10;
    private static final int CONTEXTS = 100;

    /** What else may happen in the process meanwhile: far less than one thread, one file or one buffer for each context. */
    private static final int ODD_ONES = 5;

    private static final long ODD_BYTES = 1 << 20;

    @Test
    @DisplayName("13.17, 13.21 a hundred contexts one after another leave nothing behind")
    void leaveNoThreadNoFileNoPortAndNoDirectMemory() throws Exception {
        for (int i = 0; i < WARM_UPS; i++) {
            use();
        }
        List<String> brokers = ShutdownComplaintsTests.brokerThreads();
        int threads = threads();
        long files = openFiles();
        long direct = directBytes();
        for (int i = 0; i < CONTEXTS; i++) {
            // at once, as other processes of the build get ports that are free again
            assertThat(isOpen(use())).as("port of a closed context is open").isFalse();
        }
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            assertThat(threads()).as("threads").isLessThanOrEqualTo(threads + ODD_ONES);
            assertThat(openFiles()).as("open files").isLessThanOrEqualTo(files + ODD_ONES);
            assertThat(directBytes()).as("direct memory").isLessThanOrEqualTo(direct + ODD_BYTES);
        });
        assertThat(ShutdownComplaintsTests.brokerThreads()).isSubsetOf(brokers);
    }

    private static int use() throws Exception {
        try (ConfigurableApplicationContext context = Applications.builder(App.class)
                .bannerMode(Banner.Mode.OFF)
                .logStartupInfo(false)
                .properties("spring.rabbitmq.listener.type=direct")
                .run()) {
            context.getBean(RabbitTemplate.class).convertAndSend("work", "message");
            assertThat(context.getBean(App.class).received.poll(60, TimeUnit.SECONDS))
                    .isEqualTo("message");
            return Applications.port(context);
        }
    }

    private static int threads() {
        return ManagementFactory.getThreadMXBean().getThreadCount();
    }

    private static long openFiles() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getOpenFileDescriptorCount()
                : 0;
    }

    /** Of Java's own buffers and of Netty's. */
    private static long directBytes() {
        long java = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        return java + Math.max(0, PlatformDependent.usedDirectMemory());
    }

    private static boolean isOpen(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        RabbitAutoConfiguration.class,
        RabbitBrokerConnectionAutoConfiguration.class,
        BrokerAutoConfiguration.class
    })
    static class App {
        final BlockingQueue<String> received = new LinkedBlockingQueue<>();

        @Bean
        Queue work() {
            return new Queue("work");
        }

        @RabbitListener(queues = "work")
        void receive(String text) {
            received.add(text);
        }
    }
}
