package io.leveret.broker.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import io.leveret.broker.amqp.AmqpServer;
import io.leveret.broker.amqp.behaviour.LoopbackClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;

/**
 * A persistent broker that has served clients before its context is ready, and has to stop. That it stopped in order shows in
 * what the next one says of a message that no client was given: that it is not redelivered.
 */
@ExtendWith(OutputCaptureExtension.class)
class EarlyBrokerStopTests {
    private static final long PATIENCE_SECONDS = 60;

    @TempDir
    private Path folder;

    @Test
    void stopsInOrderWhenTheContextFailsOnAThreadThatIsInterrupted(CapturedOutput output) {
        assertThatThrownBy(() -> application(InterruptedConfiguration.class).run(arguments()))
                .hasRootCauseMessage("interrupted");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(output).doesNotContain("can't commit");
        nextOneHasWhatWasPublished();
    }

    @Test
    void stopsInOrderWhenThereWillBeNoContext() {
        SpringApplication application = application(EmptyConfiguration.class);
        application.addInitializers(context -> {
            publish(context.getBeanFactory());
            throw new IllegalStateException("no context");
        });
        assertThatThrownBy(() -> application.run(arguments())).hasMessage("no context");
        nextOneHasWhatWasPublished();
    }

    @Test
    void stopsInOrderWhenTheProcessEndsBeforeTheContextIsActive() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        EndingProgram.class.getName(),
                        arguments()[0],
                        arguments()[1])
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("program.log").toFile())
                .start();
        try {
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(folder.resolve("program.log")).content().doesNotContain("Exception");
            assertThat(process.exitValue()).isEqualTo(3);
        } finally {
            process.destroyForcibly();
        }
        nextOneHasWhatWasPublished();
    }

    /** Ends while the application is being prepared. */
    static final class EndingProgram {
        public static void main(String[] args) {
            SpringApplication application = application(EmptyConfiguration.class);
            application.addInitializers(context -> {
                publish(context.getBeanFactory());
                System.exit(3);
            });
            application.run(args);
        }
    }

    private String[] arguments() {
        return new String[] {"--broker.persistent=true", "--broker.data-directory=" + folder.resolve("data")};
    }

    private static SpringApplication application(Class<?> configuration) {
        SpringApplication application = new SpringApplication(configuration);
        application.setWebApplicationType(WebApplicationType.NONE);
        EarlyBroker broker = new EarlyBroker();
        application.addListeners(broker);
        application.addInitializers(broker);
        return application;
    }

    private static void publish(BeanFactory beans) {
        try (Connection connection = connect(beans)) {
            Channel channel = connection.createChannel();
            channel.queueDeclare("q", true, false, false, null);
            channel.confirmSelect();
            channel.basicPublish("", "q", MessageProperties.MINIMAL_PERSISTENT_BASIC, new byte[1]);
            channel.waitForConfirmsOrDie(PATIENCE_SECONDS * 1000);
        } catch (IOException | TimeoutException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void nextOneHasWhatWasPublished() {
        try (ConfigurableApplicationContext context =
                        application(EmptyConfiguration.class).run(arguments());
                Connection connection = connect(context)) {
            GetResponse message = connection.createChannel().basicGet("q", true);
            assertThat(message).isNotNull();
            assertThat(message.getEnvelope().isRedeliver())
                    .as("redelivered, which is what all is that was there when a broker died")
                    .isFalse();
        } catch (IOException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    private static Connection connect(BeanFactory beans) throws IOException, TimeoutException {
        return LoopbackClient.connect(beans.getBean(AmqpServer.class).port());
    }

    @Configuration(proxyBeanMethods = false)
    static class EmptyConfiguration {}

    @Configuration(proxyBeanMethods = false)
    static class InterruptedConfiguration {
        /** As Spring does with a thread that waits for something when it closes a context that is not ready. */
        @Bean
        String interrupted(GenericApplicationContext context) {
            publish(context);
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted");
        }
    }
}
