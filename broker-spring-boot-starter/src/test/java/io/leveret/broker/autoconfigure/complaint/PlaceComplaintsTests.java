package io.leveret.broker.autoconfigure.complaint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.leveret.broker.autoconfigure.BrokerAutoConfiguration;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

@Tag("behaviour")
@Tag("not-rabbitmq-3.10") // is about brokers inside
@ExtendWith(OutputCaptureExtension.class)
class PlaceComplaintsTests {
    @Test
    @DisplayName("13.5 fixed port clashes with a real RabbitMQ on the machine")
    void aTakenDefaultPortIsInNobodysWay() throws IOException {
        try (ServerSocket other = takeDefaultPort();
                ConfigurableApplicationContext context = Applications.start(WorkApplication.class)) {
            assertThat(Applications.port(context)).isNotEqualTo(5672);
            context.getBean(RabbitTemplate.class).convertAndSend("kept", "here");
            assertThat(context.getBean(RabbitTemplate.class).receiveAndConvert("kept", 10_000))
                    .isEqualTo("here");
            assertThat(other == null || other.isBound()).isTrue();
        }
    }

    /** Null if something has it already. */
    private static @Nullable ServerSocket takeDefaultPort() throws IOException {
        try {
            return new ServerSocket(5672, 1, InetAddress.getLoopbackAddress());
        } catch (BindException taken) {
            return null;
        }
    }

    @Test
    @DisplayName("13.13 wish for an embedded broker; 13.15 the port is there before it is ready")
    void aClientConnectsAsSoonAsThereIsAPort() throws Exception {
        try (ConfigurableApplicationContext context = Applications.start(BrokerAlone.class)) {
            com.rabbitmq.client.ConnectionFactory factory = new com.rabbitmq.client.ConnectionFactory();
            factory.setHost("127.0.0.1");
            factory.setPort(Applications.port(context));
            try (com.rabbitmq.client.Connection connection = factory.newConnection()) {
                assertThat(connection.createChannel().queueDeclare().getQueue()).startsWith("amq.gen-");
            }
        }
    }

    @Test
    @DisplayName("13.19 own ConnectionFactory bean turns the embedded broker off")
    void aFactoryOfTheApplicationFindsTheBroker() {
        try (ConfigurableApplicationContext context = Applications.start(OwnFactoryApplication.class)) {
            assertThat(context.getBean(CachingConnectionFactory.class).getPort())
                    .isEqualTo(Applications.port(context));
            RabbitTemplate template = context.getBean(RabbitTemplate.class);
            template.convertAndSend("kept", "through it");
            assertThat(template.receiveAndConvert("kept", 10_000)).isEqualTo("through it");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnFactoryApplication extends WorkApplication {
        @Bean
        CachingConnectionFactory ownFactory(Environment environment) {
            return new CachingConnectionFactory(
                    "127.0.0.1", environment.getRequiredProperty("local.broker.port", Integer.class));
        }
    }

    @Test
    @DisplayName("13.20 where does it listen, is it open, where is the data?")
    void itSaysWhereItListensAndIsNotOpenToTheNetwork(CapturedOutput output) throws IOException {
        try (ConfigurableApplicationContext context = Applications.start(BrokerAlone.class)) {
            int port = Applications.port(context);
            assertThat(output.getOut().lines().filter(line -> line.contains("is up: ")))
                    .singleElement()
                    .asString()
                    .contains("AMQP on 127.0.0.1:" + port)
                    .contains("data in memory only; nothing is written to disk");
            InetAddress outside = NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                    .findFirst()
                    .orElse(null);
            Assumptions.assumeTrue(outside != null, "this machine has no other address");
            try (Socket socket = new Socket()) {
                assertThatExceptionOfType(ConnectException.class)
                        .isThrownBy(() -> socket.connect(new InetSocketAddress(outside, port), 5_000));
            }
        }
    }

    @Test
    @DisplayName("13.22 temp files are deleted under a running broker")
    void nothingIsWrittenAnywhere() throws IOException {
        Set<String> before = traces();
        try (ConfigurableApplicationContext context = Applications.start(WorkApplication.class)) {
            context.getBean(RabbitTemplate.class).convertAndSend("kept", "in memory");
            assertThat(traces()).isEqualTo(before);
        }
        assertThat(traces()).isEqualTo(before);
    }

    // Others use the folder for temporary files meanwhile.
    private static Set<String> traces() throws IOException {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        try (Stream<Path> there = Files.list(temporary);
                Stream<Path> here = Files.list(Path.of(""))) {
            return Stream.concat(
                            there.filter(path ->
                                    path.getFileName().toString().matches("(?i).*(leveret|embedded|\\.mv\\.).*")),
                            here)
                    .map(Path::toString)
                    .collect(Collectors.toSet());
        }
    }

    @Test
    @DisplayName("13.23 embedded hides that no real broker is configured: it is named")
    void anotherBrokerInTheSettingsIsNotShadowed(CapturedOutput output) {
        try (ConfigurableApplicationContext context =
                Applications.start(WithoutListener.class, "spring.rabbitmq.host=rabbit.example")) {
            assertThat(context.getBean(CachingConnectionFactory.class).getHost())
                    .isEqualTo("rabbit.example");
            assertThat(output)
                    .contains(
                            "no embedded broker is started: Embedded broker spring.rabbitmq.host names another broker")
                    .contains("set broker.enabled=true to start one anyway")
                    .doesNotContain("is up: AMQP");
        }
    }

    @Test
    @DisplayName("13.23 embedded hides that no real broker is configured: production")
    void aProfileTurnsItOff(CapturedOutput output) {
        try (ConfigurableApplicationContext context = Applications.start(
                WithoutListener.class, "broker.enabled=false", "spring.rabbitmq.host=rabbit.example")) {
            assertThat(context.getBeansOfType(BrokerAutoConfiguration.class)).isEmpty();
            assertThat(output).doesNotContain("is up: AMQP");
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class WithoutListener {}
}
