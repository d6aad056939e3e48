package io.leveret.broker.amqp.behaviour;

import static io.leveret.broker.amqp.behaviour.CloseAssertions.assertConnectionClose;
import static io.leveret.broker.amqp.behaviour.TestBroker.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.LongString;
import com.rabbitmq.client.PossibleAuthenticationFailureException;
import com.rabbitmq.client.SaslMechanism;
import com.rabbitmq.client.ShutdownSignalException;
import com.rabbitmq.client.impl.AMQConnection;
import com.rabbitmq.client.impl.CredentialsProvider;
import com.rabbitmq.client.impl.CredentialsRefreshService;
import com.rabbitmq.client.impl.LongStringHelper;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("behaviour")
class ConnectionTests {
    private static final String REFUSED =
            "ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN. For details see the broker"
                    + " logfile.";

    @RegisterExtension
    final TestBroker broker = new TestBroker();

    @Test
    void introducesItself() throws IOException {
        Map<String, Object> properties = broker.connection().getServerProperties();

        assertThat(properties)
                .containsOnlyKeys(
                        "capabilities", "cluster_name", "copyright", "information", "platform", "product", "version");
        properties.forEach((key, value) -> {
            if (!key.equals("capabilities")) {
                assertThat(value).as(key).isInstanceOf(LongString.class);
                assertThat(value.toString()).as(key).isNotEmpty();
            }
        });
    }

    @Test
    void announcesItsCapabilities() throws IOException {
        assertThat(broker.connection().getServerProperties().get("capabilities"))
                .isEqualTo(Map.of(
                        "publisher_confirms", true,
                        "exchange_exchange_bindings", true,
                        "basic.nack", true,
                        "consumer_cancel_notify", true,
                        "connection.blocked", true,
                        "consumer_priorities", true,
                        "authentication_failure_close", true,
                        "per_consumer_qos", true,
                        "direct_reply_to", true));
    }

    @Test
    @Tag("not-rabbitmq-3.10") // the level of behaviour our tests expect
    void announcesTheLevelItImplements() throws IOException {
        assertThat(broker.connection().getServerProperties().get("version").toString())
                .startsWith("4.3.");
    }

    @Test
    void offersPlainAndAmqplain() throws IOException {
        assertThat(offeredMechanisms()).contains("PLAIN", "AMQPLAIN");
    }

    @Test
    @Tag("not-rabbitmq-3.10") // ANONYMOUS came with 4.0
    void offersAnonymousToo() throws IOException {
        assertThat(offeredMechanisms()).containsExactlyInAnyOrder("PLAIN", "AMQPLAIN", "ANONYMOUS");
    }

    @Test
    @Tag("not-rabbitmq-3.10") // ANONYMOUS came with 4.0
    void anonymousLoginWorksFromLoopback() throws IOException {
        Connection connection =
                broker.connect(factory -> factory.setSaslConfig(offered -> mechanism("ANONYMOUS", bytes("whoever"))));

        assertThat(connection.createChannel().isOpen()).isTrue();
    }

    @Test
    void amqplainLoginWorks() throws IOException {
        ConnectionFactory settings = broker.factory();
        byte[] response = amqplain(settings.getUsername(), settings.getPassword());

        Connection connection =
                broker.connect(factory -> factory.setSaslConfig(offered -> mechanism("AMQPLAIN", response)));

        assertThat(connection.createChannel().isOpen()).isTrue();
    }

    @Test
    void amqplainLoginWithWrongPasswordIsRefused() {
        byte[] response = amqplain(broker.factory().getUsername(), "wrong");

        assertRefused(
                factory -> factory.setSaslConfig(offered -> mechanism("AMQPLAIN", response)),
                REFUSED.replace("PLAIN", "AMQPLAIN"));
    }

    @Test
    void wrongPasswordIsRefused() {
        assertRefused(factory -> factory.setPassword("wrong"), REFUSED);
    }

    @Test
    void blankPasswordIsRefused() {
        assertRefused(factory -> factory.setPassword(""), REFUSED);
    }

    @Test
    void unknownUserIsRefused() {
        assertRefused(factory -> factory.setUsername("nobody"), REFUSED);
    }

    @Test
    void loginFailureIsSilentForClientsWithoutTheCapability() {
        assertThatThrownBy(() -> broker.connect(factory -> {
                    Map<String, Object> properties = AMQConnection.defaultClientProperties();
                    properties.remove("capabilities");
                    factory.setClientProperties(properties);
                    factory.setPassword("wrong");
                }))
                .isInstanceOf(PossibleAuthenticationFailureException.class);
    }

    @Test
    void unknownMechanismIsSilentlyRefused() {
        assertThatThrownBy(() ->
                        broker.connect(factory -> factory.setSaslConfig(offered -> mechanism("MADE-UP", bytes("x")))))
                .isInstanceOf(PossibleAuthenticationFailureException.class);
    }

    @Test
    void missingVirtualHostIsRefused() {
        Throwable thrown = catchThrowable(() -> broker.connect(factory -> factory.setVirtualHost("missing")));

        assertConnectionClose(signal(thrown), 530, "NOT_ALLOWED - vhost missing not found", 10, 40);
    }

    @Test
    void proposesTheUsualLimits() throws IOException {
        Connection connection = broker.connect(factory -> {
            factory.setRequestedChannelMax(0);
            factory.setRequestedFrameMax(0);
            factory.setRequestedHeartbeat(0);
        });

        assertThat(connection.getChannelMax()).isEqualTo(2_047);
        assertThat(connection.getFrameMax()).isEqualTo(131_072);
        assertThat(connection.getHeartbeat()).isEqualTo(60);
    }

    @Test
    void acceptsLowerLimits() throws IOException {
        Connection connection = broker.connect(factory -> {
            factory.setRequestedChannelMax(3);
            factory.setRequestedFrameMax(8_192);
            factory.setRequestedHeartbeat(10);
        });

        for (int number = 1; number <= 3; number++) {
            assertThat(connection.createChannel().getChannelNumber()).isEqualTo(number);
        }
    }

    @Test
    @Tag("not-rabbitmq-3.10") // there the smallest value is 4096
    void rejectsFrameMaxBelowTheMinimum() {
        Throwable thrown = catchThrowable(() -> broker.connect(factory -> factory.setRequestedFrameMax(8_191)));

        assertConnectionClose(
                signal(thrown),
                530,
                "NOT_ALLOWED - negotiated frame_max = 8191 is lower than the minimum allowed value (8192)",
                10,
                30);
    }

    @Test
    void newSecretIsAccepted() throws Exception {
        AtomicReference<Callable<Boolean>> refresh = new AtomicReference<>();
        Connection connection = broker.connect(factory -> {
            factory.setCredentialsProvider(expiring(factory.getUsername(), factory.getPassword()));
            factory.setCredentialsRefreshService(keepingRefreshIn(refresh));
        });
        Channel channel = connection.createChannel();

        assertThat(refresh.get().call()).as("update-secret-ok").isTrue();

        String queue = broker.queue(channel);
        TestBroker.publish(channel, queue, "a");
        assertThat(TestBroker.drain(channel, queue)).containsExactly("a");
    }

    @Test
    void closeIsAnswered() throws IOException {
        Connection closing = broker.connect();
        closing.createChannel();

        closing.close(200, "bye", 5_000);

        assertThat(closing.getCloseReason().isInitiatedByApplication()).isTrue();
    }

    @Test
    void largeClientPropertiesAreAccepted() throws IOException {
        Connection connection = broker.connect(factory -> {
            Map<String, Object> properties = AMQConnection.defaultClientProperties();
            properties.put("note", "n".repeat(3_000));
            factory.setClientProperties(properties);
        });

        assertThat(connection.createChannel().isOpen()).isTrue();
    }

    private String[] offeredMechanisms() throws IOException {
        AtomicReference<String[]> mechanisms = new AtomicReference<>();
        broker.connect(factory -> {
            var usual = factory.getSaslConfig();
            factory.setSaslConfig(offered -> {
                mechanisms.set(offered);
                return usual.getSaslMechanism(offered);
            });
        });
        return mechanisms.get();
    }

    private void assertRefused(Consumer<ConnectionFactory> settings, String text) {
        assertThatThrownBy(() -> broker.connect(settings))
                .isInstanceOfSatisfying(
                        AuthenticationFailureException.class,
                        thrown -> assertThat(thrown).hasMessage(text));
    }

    private static ShutdownSignalException signal(Throwable thrown) {
        assertThat(thrown).hasCauseInstanceOf(ShutdownSignalException.class);
        return (ShutdownSignalException) thrown.getCause();
    }

    private static SaslMechanism mechanism(String name, byte[] response) {
        return new SaslMechanism() {
            @Override
            public String getName() {
                return name;
            }

            @Override
            public LongString handleChallenge(LongString challenge, String user, String password) {
                return LongStringHelper.asLongString(response);
            }
        };
    }

    /** A field table with LOGIN and PASSWORD, without the table's length. */
    private static byte[] amqplain(String user, String password) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        try {
            for (String[] entry : new String[][] {{"LOGIN", user}, {"PASSWORD", password}}) {
                out.writeByte(entry[0].length());
                out.writeBytes(entry[0]);
                out.writeByte('S');
                out.writeInt(entry[1].length());
                out.writeBytes(entry[1]);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static CredentialsProvider expiring(String user, String password) {
        return new CredentialsProvider() {
            @Override
            public String getUsername() {
                return user;
            }

            @Override
            public String getPassword() {
                return password;
            }

            @Override
            public Duration getTimeBeforeExpiration() {
                return Duration.ofHours(1);
            }
        };
    }

    private static CredentialsRefreshService keepingRefreshIn(AtomicReference<Callable<Boolean>> refresh) {
        return new CredentialsRefreshService() {
            @Override
            public String register(CredentialsProvider provider, Callable<Boolean> action) {
                refresh.set(action);
                return "registration";
            }

            @Override
            public void unregister(CredentialsProvider provider, String registration) {}

            @Override
            public boolean isApproachingExpiration(Duration timeBeforeExpiration) {
                return false;
            }
        };
    }
}
