package io.leveret.broker.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leveret.broker.Broker;
import io.leveret.broker.amqp.AmqpServer;
import io.leveret.broker.autoconfigure.rabbit.RabbitBrokerConnectionAutoConfiguration;
import io.leveret.broker.definition.DefinitionsImportException;
import io.leveret.broker.vhost.VirtualHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.amqp.core.AmqpTemplate;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration;
import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

@ExtendWith(OutputCaptureExtension.class)
class BrokerDefinitionsTests {
    private static final String QUEUE = "{\"queues\":[{\"name\":\"q\",\"vhost\":\"/\"}]}";
    private static final String BAD =
            "{\"queues\":[\n{\"name\":\"q\",\"vhost\":\"/\",\"arguments\":{\"x-max-length\":-1}},\n"
                    + "{\"name\":\"s\",\"vhost\":\"/\",\"type\":\"stream\"}]}";
    private static final String USERS = "{\"users\":[{\"name\":\"u\",\"password\":\"p\",\"tags\":\"\"}],"
            + "\"vhosts\":[{\"name\":\"v\"}],"
            + "\"permissions\":[{\"user\":\"u\",\"vhost\":\"v\",\"configure\":\"\",\"write\":\"\",\"read\":\"\"}]}";

    @TempDir
    Path folder;

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    BrokerAutoConfiguration.class,
                    RabbitBrokerConnectionAutoConfiguration.class,
                    RabbitAutoConfiguration.class));

    @Test
    void importsAFileGivenAsAPath() throws IOException {
        runner.withPropertyValues("broker.definitions=" + write("plain.json", QUEUE))
                .run(context -> assertThat(
                                vhost(context.getBean(Broker.class), "/").queue("q"))
                        .isNotNull());
    }

    @Test
    void importsAFileGivenAsAUrl() throws IOException {
        runner.withPropertyValues(
                        "broker.definitions=" + write("url.json", QUEUE).toUri())
                .run(context -> assertThat(
                                vhost(context.getBean(Broker.class), "/").queue("q"))
                        .isNotNull());
    }

    @Test
    void importsAResourceOfTheClassPath() {
        runner.withPropertyValues("broker.definitions=classpath:definitions/queue.json")
                .run(context -> assertThat(
                                vhost(context.getBean(Broker.class), "/").queue("from-class-path"))
                        .isNotNull());
    }

    @Test
    void importsSeveralFilesInTheirOrder() throws IOException {
        Path second = write(
                "second.json",
                "{\"bindings\":[{\"source\":\"amq.direct\",\"vhost\":\"/\",\"destination\":\"q\","
                        + "\"destination_type\":\"queue\",\"routing_key\":\"k\"}]}");
        runner.withPropertyValues("broker.definitions=" + write("first.json", QUEUE) + "," + second)
                .run(context -> assertThat(vhost(context.getBean(Broker.class), "/")
                                .requireExchange("amq.direct")
                                .hasBindings())
                        .isTrue());
    }

    @Test
    void theApplicationFindsItsOwnBrokerWithAFileOfQueues() throws IOException {
        runner.withPropertyValues("broker.definitions=" + write("queues.json", QUEUE))
                .run(context -> {
                    AmqpTemplate template = context.getBean(AmqpTemplate.class);
                    template.convertAndSend("q", "hello");
                    assertThat(template.receiveAndConvert("q", 5_000)).isEqualTo("hello");
                });
    }

    @Test
    void usersAndVirtualHostsOfTheFileTakeThePlaceOfTheDefaults() throws IOException {
        runner.withPropertyValues("broker.definitions=" + write("users.json", USERS))
                .run(context -> {
                    Broker broker = context.getBean(Broker.class);
                    assertThat(broker.virtualHosts()).containsExactly("v");
                    assertThat(broker.users().current().user("guest")).isEmpty();
                    assertThat(broker.users().authenticate("u", "p")).isPresent();
                });
    }

    @Test
    void whatIsSetIsThereBesideTheFile() throws IOException {
        runner.withPropertyValues(
                        "broker.definitions=" + write("users.json", USERS),
                        "broker.username=app",
                        "broker.password=secret",
                        "broker.virtual-hosts=own")
                .run(context -> {
                    Broker broker = context.getBean(Broker.class);
                    assertThat(broker.virtualHosts()).containsExactlyInAnyOrder("own", "v");
                    assertThat(broker.users().authenticate("app", "secret")).isPresent();
                    assertThat(broker.users().authenticate("u", "p")).isPresent();
                    RabbitConnectionDetails details = context.getBean(RabbitConnectionDetails.class);
                    assertThat(details.getUsername()).isEqualTo("app");
                    assertThat(details.getVirtualHost()).isEqualTo("own");
                    assertThat(broker.users().mayAccess("app", "own")).isTrue();
                });
    }

    @Test
    void usersOfAFileSufficeForAnOpenAddress() throws IOException {
        runner.withPropertyValues("broker.definitions=" + write("users.json", USERS), "broker.address=0.0.0.0")
                .run(context -> assertThat(context).hasNotFailed());
        runner.withPropertyValues("broker.definitions=" + write("queue.json", QUEUE), "broker.address=0.0.0.0")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOfSatisfying(
                                InvalidBrokerPropertyException.class,
                                e -> assertThat(e.property()).isEqualTo("broker.password")));
        runner.withPropertyValues(
                        "broker.definitions=" + write("users.json", USERS),
                        "broker.address=0.0.0.0",
                        "broker.username=app")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(InvalidBrokerPropertyException.class));
    }

    @Test
    void aMissingFileIsAWrongSetting() {
        runner.withPropertyValues("broker.definitions[0]=" + folder.resolve("missing.json"))
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasStackTraceContaining("broker.definitions[0] is '" + folder.resolve("missing.json"))
                        .hasStackTraceContaining("a file that can be read"));
        runner.withPropertyValues("broker.definitions=classpath:no/such.json")
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasStackTraceContaining("broker.definitions[0] is 'classpath:no/such.json'"));
    }

    @Test
    void explainsBadDefinitionsWithoutAStackTrace(CapturedOutput output) throws IOException {
        Path bad = write("bad.json", BAD);
        BrokerFailureTests.run("--broker.definitions=" + bad);
        assertThat(output)
                .contains("The definitions of " + bad + " cannot be imported, so nothing was:")
                .contains("    queues[0] 'q' in vhost '/' (line 2): invalid arg 'x-max-length' for queue 'q' in vhost"
                        + " '/': {value_negative,-1}")
                .contains("    queues[1] 's' in vhost '/' (line 3): queues of type 'stream' are not supported")
                .contains("Correct the file or take out what is named above.")
                .doesNotContain("\tat ");
    }

    @Test
    void explainsAFileThatIsNotJson(CapturedOutput output) throws IOException {
        Path bad = write("not.json", "{\"queues\": [}");
        BrokerFailureTests.run("--broker.definitions=" + bad);
        assertThat(output)
                .contains("The definitions of " + bad + " cannot be imported")
                .contains("cannot be read as JSON: Unexpected close marker '}': expected ']' (line 1, column 13)")
                .doesNotContain("\tat ");
    }

    @Test
    void theEarlyBrokerImportsBeforeItListens() throws IOException {
        try (ConfigurableApplicationContext context =
                early().run("--broker.definitions=" + write("early.json", QUEUE))) {
            assertThat(vhost(context.getBean(Broker.class), "/").queue("q")).isNotNull();
            assertThat(context.getBean(AmqpServer.class).isListening()).isTrue();
        }
        assertThatThrownBy(() -> early().run("--broker.definitions=" + write("bad.json", BAD)))
                .isInstanceOf(DefinitionsImportException.class);
    }

    private Path write(String name, String json) throws IOException {
        return Files.writeString(folder.resolve(name), json);
    }

    private static VirtualHost vhost(Broker broker, String name) {
        VirtualHost vhost = broker.virtualHost(name);
        assertThat(vhost).isNotNull();
        return vhost;
    }

    private static SpringApplication early() {
        SpringApplication application = new SpringApplication(Early.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        EarlyBroker broker = new EarlyBroker();
        application.addListeners(broker);
        application.addInitializers(broker);
        return application;
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(BrokerAutoConfiguration.class)
    static class Early {}
}
