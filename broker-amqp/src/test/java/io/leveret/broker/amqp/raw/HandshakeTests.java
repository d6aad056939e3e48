package io.leveret.broker.amqp.raw;

import static io.leveret.broker.amqp.raw.Wire.octets;
import static io.leveret.broker.amqp.raw.Wire.utf8;
import static io.leveret.broker.amqp.raw.Wire.wire;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** From connection.start to connection.open-ok, and what is refused on the way and how. */
@Tag("behaviour")
class HandshakeTests {
    private static final String LOGIN_REFUSED =
            "ACCESS_REFUSED - Login was refused using authentication mechanism %s. For details see the broker logfile.";

    @RegisterExtension
    static final RawBroker BROKER = RawBroker.create();

    // ---- connection.start

    @Test
    void startNamesVersionLocaleAndMechanisms() {
        WireReader start = BROKER.connect().protocolHeader().expect(0, MethodId.CONNECTION_START);
        assertThat(start.octet()).as("version-major").isZero();
        assertThat(start.octet()).as("version-minor").isEqualTo(9);
        start.table();
        assertThat(start.longStr().split(" ")).contains("PLAIN", "AMQPLAIN");
        assertThat(start.longStr()).as("locales").isEqualTo("en_US");
        assertThat(start.remaining()).isZero();
    }

    @Test
    @Tag("not-rabbitmq-3.10") // does not offer ANONYMOUS
    void startOffersPlainAmqplainAndAnonymous() {
        WireReader start = BROKER.connect().protocolHeader().expect(0, MethodId.CONNECTION_START);
        start.shortUint();
        start.table();
        assertThat(start.longStr().split(" ")).containsExactlyInAnyOrder("PLAIN", "AMQPLAIN", "ANONYMOUS");
    }

    @Test
    void startCarriesTheServerProperties() {
        WireReader start = BROKER.connect().protocolHeader().expect(0, MethodId.CONNECTION_START);
        start.shortUint();
        Map<String, Object> properties = start.table();
        assertThat(properties)
                .containsOnlyKeys(
                        "capabilities", "cluster_name", "copyright", "information", "platform", "product", "version");
        properties.remove("capabilities");
        assertThat(properties.values()).hasOnlyElementsOfType(String.class);
    }

    @Test
    void startAnnouncesTheCapabilities() {
        WireReader start = BROKER.connect().protocolHeader().expect(0, MethodId.CONNECTION_START);
        start.shortUint();
        assertThat(start.table().get("capabilities"))
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

    // ---- authentication

    @Test
    void acceptsPlain() {
        BROKER.connect().authenticated(Handshake.guest().credentials("guest", "guest"));
    }

    @Test
    void acceptsAmqplain() {
        BROKER.connection(Handshake.guest().mechanism("AMQPLAIN", Handshake.amqplain("guest", "guest")));
    }

    @Test
    @Tag("not-rabbitmq-3.10") // knows no ANONYMOUS
    void acceptsAnonymousWithAnyResponse() {
        BROKER.connection(Handshake.guest().mechanism("ANONYMOUS", utf8("whoever")));
    }

    @Test
    void acceptsAClientWithoutPropertiesAndAnotherLocale() {
        RawAmqpClient client = BROKER.connect().started();
        client.method(
                0,
                MethodId.CONNECTION_START_OK,
                wire().emptyTable()
                        .shortStr("PLAIN")
                        .longStr(Handshake.plain("guest", "guest"))
                        .shortStr("xx"));
        client.expect(0, MethodId.CONNECTION_TUNE);
    }

    @Test
    void acceptsHeartbeatsDuringTheHandshake() {
        RawAmqpClient client = BROKER.connect().started().heartbeat();
        client.method(0, MethodId.CONNECTION_START_OK, Handshake.guest().startOk());
        client.expect(0, MethodId.CONNECTION_TUNE);
    }

    @Test
    void acceptsAPipelinedHandshake() {
        Handshake guest = Handshake.guest();
        RawAmqpClient client = BROKER.connect()
                .protocolHeader()
                .method(0, MethodId.CONNECTION_START_OK, guest.startOk())
                .method(0, MethodId.CONNECTION_TUNE_OK, guest.tuneOk())
                .method(0, MethodId.CONNECTION_OPEN, guest.open())
                .method(1, MethodId.CHANNEL_OPEN, wire().shortStr(""));
        client.expect(0, MethodId.CONNECTION_START);
        client.expect(0, MethodId.CONNECTION_TUNE);
        client.expect(0, MethodId.CONNECTION_OPEN_OK);
        client.expect(1, MethodId.CHANNEL_OPEN_OK);
    }

    @ParameterizedTest
    @MethodSource("wrongCredentials")
    void tellsAWrongLoginOnlyAClientThatAskedForIt(String what, String mechanism, byte[] response) {
        Handshake guest = Handshake.guest().mechanism(mechanism, response);
        RawAmqpClient told = BROKER.connect().started();
        told.method(0, MethodId.CONNECTION_START_OK, guest.startOk());
        RawAmqpClient untold = BROKER.connect().started();
        long sent = System.nanoTime();
        untold.method(
                0,
                MethodId.CONNECTION_START_OK,
                guest.capabilities("basic.nack").startOk());

        told.expectConnectionClose(403, LOGIN_REFUSED.formatted(mechanism), MethodId.NONE)
                .expectClosed();
        untold.expectClosed();
        assertThat((System.nanoTime() - sent) / 1_000_000)
                .as("milliseconds until the silent close")
                .isGreaterThan(BROKER.silentCloseDelayMillis() * 8 / 10);
    }

    static Stream<Arguments> wrongCredentials() {
        return Stream.of(
                Arguments.of("a wrong password", "PLAIN", Handshake.plain("guest", "wrong")),
                Arguments.of("an empty password", "PLAIN", Handshake.plain("guest", "")),
                Arguments.of("an unknown user", "PLAIN", Handshake.plain("nobody", "guest")),
                Arguments.of("a wrong password", "AMQPLAIN", Handshake.amqplain("guest", "wrong")));
    }

    @Test
    void closesSilentlyOnMalformedLogins() {
        List<Handshake> malformed = List.of(
                Handshake.guest().mechanism("NOPE"),
                Handshake.guest().mechanism("PLAIN", utf8("garbage")),
                Handshake.guest().mechanism("PLAIN", utf8("\0guest")),
                Handshake.guest().mechanism("PLAIN", utf8("other\0guest\0guest")),
                Handshake.guest().mechanism("AMQPLAIN", octets(0xFF, 0xFF)),
                Handshake.guest().mechanism("AMQPLAIN", Wire.tableBody(Map.of("LOGIN", "guest"))));
        List<RawAmqpClient> clients = malformed.stream()
                .map(handshake ->
                        BROKER.connect().started().method(0, MethodId.CONNECTION_START_OK, handshake.startOk()))
                .toList();
        clients.forEach(RawAmqpClient::expectClosed);
    }

    @Test
    void closesSilentlyOnWrongMethodsBeforeAuthentication() {
        Handshake guest = Handshake.guest();
        List<RawAmqpClient> clients = List.of(
                BROKER.connect().started().method(0, MethodId.CONNECTION_TUNE_OK, guest.tuneOk()),
                BROKER.connect().started().method(0, MethodId.CONNECTION_OPEN, guest.open()),
                BROKER.connect().started().method(0, MethodId.CONNECTION_CLOSE, CloseReason.normal()),
                BROKER.connect().started().method(0, MethodId.CONNECTION_SECURE_OK, wire().longStr("x")),
                BROKER.connect().started().method(1, MethodId.CHANNEL_OPEN, wire().shortStr("")),
                BROKER.connect().started().method(0, new MethodId(10, 99)),
                BROKER.connect().started().method(0, new MethodId(99, 1)));
        clients.forEach(RawAmqpClient::expectClosed);
    }

    @Test
    void closesSilentlyOnBadFramesBeforeAuthentication() {
        List<RawAmqpClient> clients = List.of(
                BROKER.connect().started().frameEndingWith(0, RawFrame.METHOD, 0, octets(0, 10, 0, 11)),
                BROKER.connect().started().frame(77, 0, utf8("hello")),
                BROKER.connect().started().frameHead(RawFrame.METHOD, 0, 8_193),
                BROKER.connect().started().frameHead(RawFrame.METHOD, 0, 0xFFFF_FFFFL),
                BROKER.connect().started().header(0, 0),
                BROKER.connect().started().method(0, MethodId.CONNECTION_START_OK, wire().octet(0xFF)),
                BROKER.connect()
                        .started()
                        .method(
                                0,
                                MethodId.CONNECTION_START_OK,
                                Handshake.guest().startOk().octet(0)));
        clients.forEach(RawAmqpClient::expectClosed);
    }

    @Test
    @Tag("not-rabbitmq-3.10") // its limit is 4096
    void acceptsAStartOkOfNearly8192Bytes() {
        BROKER.connection(Handshake.guest().clientProperties(Map.of("information", "x".repeat(8_000))));
    }

    // ---- connection.tune

    @Test
    void tuneProposesTheDefaults() {
        RawAmqpClient client = BROKER.connect().started();
        client.method(0, MethodId.CONNECTION_START_OK, Handshake.guest().startOk());
        WireReader tune = client.expect(0, MethodId.CONNECTION_TUNE);
        assertThat(tune.shortUint()).as("channel_max").isEqualTo(2_047);
        assertThat(tune.longUint()).as("frame_max").isEqualTo(131_072);
        assertThat(tune.shortUint()).as("heartbeat").isEqualTo(60);
    }

    @Test
    void acceptsLowerLimitsAndAnyHeartbeat() {
        BROKER.connection(Handshake.guest().tune(1, 8_192, 65_535)).channel(1).closeConnection();
    }

    @Tag("not-rabbitmq-3.10") // closes silently, and its minimum is 4096
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2047 | 100    | frame_max = 100 is lower than the minimum allowed value (8192)",
                "2047 | 8191   | frame_max = 8191 is lower than the minimum allowed value (8192)",
                "2047 | 131073 | frame_max = 131073 is higher than the maximum allowed value (131072)",
                "2047 | 0      | frame_max = 0 (no limit) is higher than the maximum allowed value (131072)",
                "2048 | 131072 | channel_max = 2048 is higher than the maximum allowed value (2047)",
                "4096 | 131072 | channel_max = 4096 is higher than the maximum allowed value (2047)",
                "0    | 131072 | channel_max = 0 (no limit) is higher than the maximum allowed value (2047)"
            })
    void refusesLimitsOutOfRange(int channelMax, int frameMax, String explanation) {
        BROKER.connect()
                .tuned(Handshake.guest().tune(channelMax, frameMax, 0))
                .expectConnectionClose(530, "NOT_ALLOWED - negotiated " + explanation, MethodId.CONNECTION_TUNE)
                .method(0, MethodId.CONNECTION_CLOSE_OK)
                .expectClosed();
    }

    @Test
    void closesSilentlyOnAnythingElseThanTuneOk() {
        Handshake guest = Handshake.guest();
        List<RawAmqpClient> clients = List.of(
                BROKER.connect().authenticated(guest).method(1, MethodId.CHANNEL_OPEN, wire().shortStr("")),
                BROKER.connect().authenticated(guest).header(0, 0),
                BROKER.connect().authenticated(guest).frameHead(RawFrame.METHOD, 0, 8_193),
                BROKER.connect().authenticated(guest).frameEndingWith(3, RawFrame.METHOD, 0, utf8("xxxx")));
        clients.forEach(RawAmqpClient::expectClosed);
    }

    @Test
    void closesSilentlyOnMethodsThatDoNotBelongToTheStateTuning() {
        Handshake guest = Handshake.guest();
        List<RawAmqpClient> clients = List.of(
                BROKER.connect().authenticated(guest).method(0, MethodId.CONNECTION_OPEN, guest.open()),
                BROKER.connect().authenticated(guest).method(0, MethodId.CONNECTION_START_OK, guest.startOk()));
        clients.forEach(RawAmqpClient::expectClosed);
    }

    // ---- connection.open

    @Test
    void openOkHasNoKnownHosts() {
        RawAmqpClient client = BROKER.connect().tuned(Handshake.guest());
        client.method(0, MethodId.CONNECTION_OPEN, Handshake.guest().open());
        WireReader openOk = client.expect(0, MethodId.CONNECTION_OPEN_OK);
        assertThat(openOk.shortStr()).isEmpty();
        assertThat(openOk.remaining()).isZero();
    }

    @Test
    void ignoresTheReservedFieldsOfOpen() {
        RawAmqpClient client = BROKER.connect().tuned(Handshake.guest());
        client.method(
                0,
                MethodId.CONNECTION_OPEN,
                wire().shortStr("/").shortStr("capabilities").octet(0xFF));
        client.expect(0, MethodId.CONNECTION_OPEN_OK);
    }

    @ParameterizedTest
    @CsvSource({"nope,vhost nope not found", "'',vhost  not found", "'/ ',vhost /  not found"})
    void refusesAMissingVirtualHost(String vhost, String explanation) {
        openVhost(utf8(vhost))
                .expectConnectionClose(530, "NOT_ALLOWED - " + explanation, MethodId.CONNECTION_OPEN)
                .method(0, MethodId.CONNECTION_CLOSE_OK)
                .expectClosed();
    }

    @Test
    void refusesAVirtualHostThatIsNotUtf8() {
        openVhost(octets(0xFF, 0xFE))
                .expectConnectionClose(501, "FRAME_ERROR - Malformed UTF-8 in shortstr", MethodId.CONNECTION_OPEN);
    }

    private static RawAmqpClient openVhost(byte[] vhost) {
        return BROKER.connect()
                .tuned(Handshake.guest())
                .method(
                        0,
                        MethodId.CONNECTION_OPEN,
                        wire().shortStr(vhost).shortStr("").octet(0));
    }

    @Test
    void refusesMethodsThatDoNotBelongToTheStateOpening() {
        Handshake guest = Handshake.guest();
        expectUnexpectedWhileOpening(MethodId.CONNECTION_START_OK, guest.startOk());
        expectUnexpectedWhileOpening(MethodId.CONNECTION_TUNE_OK, guest.tuneOk());
        expectUnexpectedWhileOpening(MethodId.CONNECTION_CLOSE, CloseReason.normal());
    }

    private static void expectUnexpectedWhileOpening(MethodId method, Wire arguments) {
        BROKER.connect()
                .tuned(Handshake.guest())
                .method(0, method, arguments)
                .expectConnectionClose(504, "CHANNEL_ERROR - unexpected method in connection state opening", method);
    }

    @Test
    void refusesChannelsBeforeTheConnectionIsOpen() {
        BROKER.connect()
                .tuned(Handshake.guest())
                .method(1, MethodId.CHANNEL_OPEN, wire().shortStr(""))
                .expectConnectionClose(505, "UNEXPECTED_FRAME - type 1, all octets = <<0,20,0,10,0>>", MethodId.NONE);
    }

    // ---- channel 0 of an open connection

    @ParameterizedTest
    @MethodSource("methodsForAnotherState")
    void refusesMethodsThatDoNotBelongToTheStateRunning(MethodId method, Wire arguments) {
        BROKER.channel()
                .method(0, method, arguments)
                .expectConnectionClose(504, "CHANNEL_ERROR - unexpected method in connection state running", method);
    }

    static Stream<Arguments> methodsForAnotherState() {
        Handshake guest = Handshake.guest();
        return Stream.of(
                Arguments.of(
                        MethodId.CONNECTION_START,
                        wire().octet(0).octet(9).emptyTable().longStr("").longStr("")),
                Arguments.of(MethodId.CONNECTION_START_OK, guest.startOk()),
                Arguments.of(MethodId.CONNECTION_SECURE_OK, wire().longStr("x")),
                Arguments.of(MethodId.CONNECTION_TUNE_OK, guest.tuneOk()),
                Arguments.of(MethodId.CONNECTION_OPEN, guest.open()),
                Arguments.of(MethodId.CONNECTION_OPEN_OK, wire().shortStr("")),
                Arguments.of(MethodId.CONNECTION_CLOSE_OK, wire()),
                Arguments.of(MethodId.CONNECTION_BLOCKED, wire().shortStr("x")),
                Arguments.of(MethodId.CONNECTION_UNBLOCKED, wire()),
                Arguments.of(MethodId.CONNECTION_UPDATE_SECRET_OK, wire()),
                Arguments.of(MethodId.CHANNEL_OPEN, wire().shortStr("")),
                Arguments.of(MethodId.QUEUE_DECLARE, RawAmqpClient.queueDeclare(utf8("q"), 0)),
                Arguments.of(
                        MethodId.BASIC_PUBLISH,
                        wire().shortUint(0).shortStr("").shortStr("").octet(0)));
    }

    @Test
    void refusesConnectionMethodsOnAChannel() {
        BROKER.channel()
                .method(1, MethodId.CONNECTION_CLOSE, CloseReason.normal())
                .expectConnectionClose(503, "COMMAND_INVALID - unimplemented method", MethodId.CONNECTION_CLOSE);
    }

    @Test
    void refusesConnectionMethodsOnAChannelThatIsNotOpen() {
        BROKER.channel()
                .method(2, MethodId.CONNECTION_OPEN, Handshake.guest().open())
                .expectConnectionClose(504, "CHANNEL_ERROR - expected 'channel.open'", MethodId.CONNECTION_OPEN);
    }

    @Test
    void answersUpdateSecret() {
        RawAmqpClient client = BROKER.channel()
                .method(
                        0,
                        MethodId.CONNECTION_UPDATE_SECRET,
                        wire().longStr("new secret").shortStr("because"));
        client.expect(0, MethodId.CONNECTION_UPDATE_SECRET_OK);
        client.ping(1);
    }

    @Test
    void updatedSecretIsNotANewPassword() {
        RawAmqpClient client = BROKER.connection()
                .method(
                        0,
                        MethodId.CONNECTION_UPDATE_SECRET,
                        wire().longStr("new secret").shortStr("because"));
        client.expect(0, MethodId.CONNECTION_UPDATE_SECRET_OK);
        BROKER.connection().closeConnection();
    }
}
