package io.leveret.broker.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.BrokerConfig;
import io.leveret.broker.BrokerConfig.FirstUser;
import io.leveret.broker.amqp.AmqpServerConfig;
import io.leveret.broker.channel.Interception;
import io.leveret.broker.limit.AlarmConfig;
import io.leveret.broker.limit.MemoryWatermark;
import io.leveret.broker.limit.NodeLimits;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.diagnostics.FailureAnalysis;

class BrokerPropertiesTests {

    @Test
    void hasTheDefaultsOfRabbitMq() {
        BrokerProperties properties = bind(Map.of());
        BrokerConfig expected = BrokerConfig.defaults(properties.name());
        assertThat(properties.toBrokerConfig(null)).isEqualTo(expected);
        assertThat(properties.toAmqpServerConfig()).isEqualTo(AmqpServerConfig.loopback(0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "broker.port | 70000 | 70000 | 0 (any free port) to 65535, or -1 (none) together with broker.ssl.bundle",
                "broker.port | -1 | -1 | 0 (any free port) to 65535, or -1 (none) together with broker.ssl.bundle",
                "broker.ssl.port | 65536 | 65536 | 0 (any free port) to 65535",
                "broker.ssl.port | -1 | -1 | 0 (any free port) to 65535",
                "broker.io-threads | -2 | -2 | 0 (one a processor) to 256",
                "broker.username | '' | '' | a text of 1 to 255 bytes that is not blank",
                "broker.password | '' | '' | a password of at least one character",
                "broker.virtual-hosts | '' | '' | at least one name",
                "broker.anonymous-user | nobody | nobody | empty, or the name of a user in broker.username or broker.users",
                "broker.limits.channel-max | 65536 | 65536 | 0 (no limit) to 65535",
                "broker.limits.frame-max | 4KB | 4096B | 0 (no limit), or 8KB to 2147483647B",
                "broker.limits.heartbeat | 1500ms | 1500ms | a whole number of seconds",
                "broker.limits.heartbeat | 70000s | 70000s | 0 (none) to 65535s",
                "broker.limits.max-message-size | 1GB | 1073741824B | 1B to 512MB",
                "broker.limits.max-message-size | 0 | 0B | 1B to 512MB",
                "broker.limits.handshake-timeout | 0 | 0s | 1ms to 1d",
                "broker.limits.max-consumers-per-channel | -1 | -1 | 0 (no limit) to 2147483647",
                "broker.limits.default-prefetch | 65536 | 65536 | 0 (no limit) to 65535",
                "broker.consumer-timeout | -1ms | -1ms | 0 (none) to 365d",
                "broker.limits.max-connections | -1 | -1 | 0 (no limit) to 2147483647",
                "broker.limits.max-channels | -1 | -1 | 0 (no limit) to 2147483647",
                "broker.limits.max-virtual-hosts | -1 | -1 | 0 (no limit) to 2147483647",
                "broker.limits.max-queues | -1 | -1 | 0 (no limit) to 2147483647",
                "broker.limits.max-exchanges | -1 | -1 | 0 (no limit) to 2147483647",
                "broker.data-directory | '' | '' | a path that is not empty and has no semicolon",
                "broker.data-directory | a;b | a;b | a path that is not empty and has no semicolon",
                "broker.message-memory | -1MB | -1048576B | 0B (as little as possible) or more",
                "broker.store.url | jdbc:mysql://h/d?password=p | jdbc:mysql://h/d | a URL that begins with jdbc:h2: or jdbc:postgresql:",
                "broker.store.username | u | u | none without broker.store.url",
                "broker.store.password | p | ****** | none without broker.store.url",
                "broker.store.properties.jdbc.x | 1 | 1 | only settings of Hibernate, whose names begin with hibernate.",
                "broker.default-queue-type | fast | fast | classic, quorum or stream",
                "broker.alarms.memory-watermark | 1.5 | 1.5 | a part such as 0.6, from 0.0 to 1.0, or a size with its unit, such as 512MB",
                "broker.alarms.memory-watermark | much | much | a part such as 0.6, from 0.0 to 1.0, or a size with its unit, such as 512MB",
                "broker.alarms.memory-watermark | 200 | 200 | a part such as 0.6, from 0.0 to 1.0, or a size with its unit, such as 512MB",
                "broker.alarms.memory-watermark | -1MB | -1MB | a part such as 0.6, from 0.0 to 1.0, or a size with its unit, such as 512MB",
                "broker.alarms.disk-free-limit | -1MB | -1048576B | 0 (none) or a size such as 50MB"
            })
    void refusesWithNameValueAndWhatIsAllowed(String property, String value, String shown, String allowed) {
        InvalidBrokerPropertyException refused = refusal(Map.of(property, value));
        assertThat(refused.property()).isEqualTo(property);
        assertThat(refused.value()).isEqualTo(shown);
        assertThat(refused.allowed()).isEqualTo(allowed);
    }

    @Test
    void refusesTwoDatabases() {
        InvalidBrokerPropertyException refused = refusal(
                Map.of("broker.store.url", "jdbc:h2:mem:x", "broker.store.use-application-data-source", "true"));
        assertThat(refused.property()).isEqualTo("broker.store.use-application-data-source");
        assertThat(refused.allowed()).isEqualTo("false together with broker.store.url");
    }

    @Test
    void keepsPasswordsOfDatabasesOutOfTexts() {
        BrokerProperties properties = bind(Map.of(
                "broker.store.url", "jdbc:postgresql://h/d?password=secret",
                "broker.store.username", "u",
                "broker.store.password", "secret"));
        assertThat(properties.store().toString()).isEqualTo("Store[url=jdbc:postgresql://h/d, username=u]");
        assertThat(properties.toString()).doesNotContain("secret");
    }

    @Test
    void handsLimitsAndDefaultsOn() {
        BrokerConfig config = bind(Map.of(
                        "broker.limits.max-connections", "1",
                        "broker.limits.max-channels", "2",
                        "broker.limits.max-virtual-hosts", "3",
                        "broker.limits.max-queues", "4",
                        "broker.limits.max-exchanges", "5",
                        "broker.default-queue-type", "quorum",
                        "broker.permit.queue-master-locator", "true"))
                .toBrokerConfig(null);
        assertThat(config.limits()).isEqualTo(new NodeLimits(1, 2, 3, 4, 5));
        assertThat(config.defaultQueueType()).isEqualTo("quorum");
        assertThat(config.permitQueueMasterLocator()).isTrue();
    }

    @Test
    void refusesMoreVirtualHostsThanThereMayBe() {
        InvalidBrokerPropertyException refused =
                refusal(Map.of("broker.virtual-hosts", "/,a", "broker.limits.max-virtual-hosts", "1"));
        assertThat(refused.property()).isEqualTo("broker.limits.max-virtual-hosts");
        assertThat(refused.value()).isEqualTo("1");
    }

    @Test
    void watchesMemoryAndDiskWhenAsked() {
        assertThat(bind(Map.of("broker.alarms.enabled", "true"))
                        .toBrokerConfig(null)
                        .alarms())
                .isEqualTo(AlarmConfig.watching(MemoryWatermark.part(0.6), 50 << 20));
        assertThat(bind(Map.of("broker.alarms.memory-watermark", "0.5"))
                        .toBrokerConfig(null)
                        .alarms())
                .isEqualTo(AlarmConfig.OFF);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "0.25, 0.25", ".5, 0.5", "1, 1", "1.0, 1"})
    void takesANumberForAPartOfTheMemory(String text, double part) {
        assertThat(alarms(text).memory()).isEqualTo(MemoryWatermark.part(part));
    }

    @ParameterizedTest
    @CsvSource({"512MB, 536870912", "0B, 0", "1GB, 1073741824"})
    void takesASizeForAllOfTheMemory(String text, long bytes) {
        assertThat(alarms(text).memory()).isEqualTo(MemoryWatermark.bytes(bytes));
    }

    private static AlarmConfig alarms(String watermark) {
        return bind(Map.of("broker.alarms.enabled", "true", "broker.alarms.memory-watermark", watermark))
                .toBrokerConfig(null)
                .alarms();
    }

    @Test
    void refusesAVirtualHostThatIsThereTwice() {
        InvalidBrokerPropertyException refused = refusal(Map.of("broker.virtual-hosts", "/,a,/"));
        assertThat(refused.property()).isEqualTo("broker.virtual-hosts[2]");
        assertThat(refused.value()).isEqualTo("/");
    }

    @Test
    void refusesAUserThatIsThereTwice() {
        InvalidBrokerPropertyException refused =
                refusal(Map.of("broker.users[0].name", "guest", "broker.users[0].password", "x"));
        assertThat(refused.property()).isEqualTo("broker.users[0].name");
        assertThat(refused.value()).isEqualTo("guest");
    }

    @Test
    void refusesAUserWithoutPassword() {
        assertThat(refusal(Map.of("broker.users[0].name", "ann")).property()).isEqualTo("broker.users[0].password");
    }

    @Test
    void refusesTheDefaultPasswordWhereOthersCanReachIt() {
        InvalidBrokerPropertyException refused = refusal(Map.of("broker.address", "0.0.0.0"));
        assertThat(refused.property()).isEqualTo("broker.password");
        assertThat(refused.allowed()).contains("broker.address is 0.0.0.0");
    }

    @Test
    void takesAWideAddressWithAPasswordOfTheUsersOwn() {
        BrokerProperties properties = bind(Map.of("broker.address", "0.0.0.0", "broker.password", "secret"));
        assertThat(properties.toAmqpServerConfig().address().isAnyLocalAddress())
                .isTrue();
    }

    @Test
    void endsAnonymousLoginsWhenGuestHasAnotherPassword() {
        assertThat(bind(Map.of()).toBrokerConfig(null).anonymousUser()).isEqualTo("guest");
        assertThat(bind(Map.of("broker.password", "secret"))
                        .toBrokerConfig(null)
                        .anonymousUser())
                .isEmpty();
        assertThat(bind(Map.of("broker.anonymous-user", ""))
                        .toBrokerConfig(null)
                        .anonymousUser())
                .isEmpty();
    }

    @Test
    void takesTheAnonymousUserFromTheUsers() {
        BrokerConfig config = bind(Map.of(
                        "broker.users[0].name", "anyone",
                        "broker.users[0].password", "secret",
                        "broker.anonymous-user", "anyone"))
                .toBrokerConfig(null);
        assertThat(config.anonymousUser()).isEqualTo("anyone");
        assertThat(config.anonymousPassword()).isEqualTo("secret");
        assertThat(config.users()).contains(new FirstUser("anyone", "secret", Set.of()));
    }

    @Test
    void usesOneThreadAProcessorWhenToldZero() {
        int processors = Runtime.getRuntime().availableProcessors();
        assertThat(bind(Map.of("broker.io-threads", "0")).ioThreadCount()).isEqualTo(processors);
        assertThat(bind(Map.of("broker.io-threads", "3")).ioThreadCount()).isEqualTo(3);
        assertThat(bind(Map.of()).ioThreadCount()).isEqualTo(Math.min(2, processors));
    }

    @Test
    void passesOnWhatIsSetForChannels() {
        BrokerConfig config = bind(Map.of(
                        "broker.consumer-timeout", "30m",
                        "broker.limits.default-prefetch", "250",
                        "broker.interceptors.timestamp", "if-absent",
                        "broker.interceptors.routing-node", "overwrite"))
                .toBrokerConfig(null);
        assertThat(config.consumerTimeoutMillis()).isEqualTo(1_800_000);
        assertThat(config.defaultPrefetch()).isEqualTo(250);
        assertThat(config.timestampInterception()).isEqualTo(Interception.IF_ABSENT);
        assertThat(config.routingNodeInterception()).isEqualTo(Interception.OVERWRITE);
    }

    @Test
    void readsYamlsFalseAsOff() {
        assertThat(bind(Map.of("broker.interceptors.timestamp", "false"))
                        .interceptors()
                        .timestamp())
                .isEqualTo(Interception.OFF);
    }

    @Test
    void keepsPasswordsOutOfText() {
        BrokerProperties properties = bind(Map.of(
                "broker.password", "secret1", "broker.users[0].name", "ann", "broker.users[0].password", "secret2"));
        assertThat(properties + " " + properties.users()).doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "broker.port | amqp | a whole number",
                "broker.enabled | perhaps | true or false",
                "broker.limits.heartbeat | soon | a duration such as 60s or 500ms",
                "broker.limits.frame-max | big | a size such as 128KB or 16MB",
                "broker.interceptors.timestamp | maybe | off, if-absent or overwrite",
                "broker.address | no.such.host.invalid | an IP address, or the name of a host that resolves to one"
            })
    void explainsAValueOfTheWrongType(String property, String value, String allowed) {
        BindException failure = failure(Map.of(property, value));
        FailureAnalysis analysis = new BrokerPropertyTypeFailureAnalyzer().analyze(failure);
        assertThat(analysis).isNotNull();
        assertThat(analysis.getDescription())
                .startsWith("The property %s has the value '%s', which is not allowed.".formatted(property, value));
        assertThat(analysis.getAction()).isEqualTo("Set %s to an allowed value: %s.".formatted(property, allowed));
    }

    private static BrokerProperties bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("broker", BrokerProperties.class);
    }

    private static BindException failure(Map<String, String> properties) {
        try {
            bind(properties);
        } catch (BindException e) {
            return e;
        }
        throw new AssertionError("bound " + properties);
    }

    private static InvalidBrokerPropertyException refusal(Map<String, String> properties) {
        for (Throwable cause = failure(properties); cause != null; cause = cause.getCause()) {
            if (cause instanceof InvalidBrokerPropertyException refused) {
                return refused;
            }
        }
        throw new AssertionError("refused for another reason");
    }
}
