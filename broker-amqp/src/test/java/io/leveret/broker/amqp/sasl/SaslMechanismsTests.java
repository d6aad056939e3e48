package io.leveret.broker.amqp.sasl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leveret.broker.BrokerConfig;
import io.leveret.broker.amqp.sasl.SaslResult.Authenticated;
import io.leveret.broker.amqp.sasl.SaslResult.Challenge;
import io.leveret.broker.amqp.sasl.SaslResult.Malformed;
import io.leveret.broker.amqp.sasl.SaslResult.Refused;
import io.leveret.broker.auth.PasswordHash;
import io.leveret.broker.auth.User;
import io.leveret.broker.auth.Users;
import io.leveret.broker.error.ReplyCode;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import io.leveret.broker.text.Utf8;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SaslMechanismsTests {
    private static final InetAddress REMOTE = address(192, 0, 2, 7);
    private static final BrokerConfig CONFIG = BrokerConfig.defaults("test");

    private final Users users = new Users();
    private final SaslMechanisms mechanisms = SaslMechanisms.of(CONFIG, users);

    SaslMechanismsTests() {
        users.putUser(new User("guest", PasswordHash.of("guest"), Set.of("administrator")));
        users.putUser(new User("alice", PasswordHash.of("pässword"), Set.of()));
        users.putUser(new User("cert", PasswordHash.NONE, Set.of()));
    }

    @Test
    void offersWhatRabbitMqOffers() {
        assertThat(mechanisms.offered()).isEqualTo("PLAIN AMQPLAIN ANONYMOUS");
    }

    @Test
    void offersNoAnonymousLoginWithoutAnAnonymousUser() {
        SaslMechanisms without = SaslMechanisms.of(anonymous("", ""), users);

        assertThat(without.offered()).isEqualTo("PLAIN AMQPLAIN");
        assertThat(without.begin("ANONYMOUS", REMOTE)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"EXTERNAL", "RABBIT-CR-DEMO", "plain", "PLAIN ", "", "PLAIN AMQPLAIN"})
    void knowsNoMechanismThatIsNotOffered(String name) {
        assertThat(mechanisms.begin(name, REMOTE)).isEmpty();
    }

    @Test
    void rejectsAListWithAnUnknownName() {
        assertThatThrownBy(() -> SaslMechanisms.of(CONFIG, users, List.of("PLAIN", "EXTERNAL")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("unknown SASL mechanism 'EXTERNAL'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "AMQPLAIN", "ANONYMOUS"})
    void mechanismsKnowTheirNames(String name) {
        assertThat(mechanisms.begin(name, REMOTE)).map(SaslMechanism::name).contains(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "AMQPLAIN", "ANONYMOUS"})
    void oneStepMechanismsTakeNoSecondResponse(String name) {
        SaslMechanism mechanism = mechanisms.begin(name, REMOTE).orElseThrow();
        mechanism.start(new byte[0]);

        assertThat(mechanism.secureOk(new byte[0])).isInstanceOf(Malformed.class);
    }

    @Test
    void plainTakesNameAndPassword() {
        assertThat(plain("\0alice\0pässword")).isEqualTo(authenticated("alice"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\0alice\0wrong", "\0alice\0", "\0nobody\0pässword", "\0cert\0x", "\0cert\0"})
    void plainRefusesWrongCredentials(String response) {
        String name = response.split("\0")[1];

        assertThat(plain(response))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.username()).isEqualTo(name));
    }

    @Test
    void plainRefusesNobody() {
        assertThat(plain("\0\0"))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.username()).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\0",
                "\0alice",
                "alice\0pässword",
                "admin\0alice\0pässword",
                "\0alice\0pässword\0",
                "\0alice\0päss\0word"
            })
    void plainRejectsWhatIsNotNulNameNulPassword(String response) {
        assertThat(plain(response)).isInstanceOf(Malformed.class);
    }

    @Test
    void plainComparesPasswordsByteByByte() {
        users.putUser(new User("raw", PasswordHash.of(Utf8.decode(new byte[] {(byte) 0xFF}, 0, 1)), Set.of()));

        assertThat(plain(new byte[] {0, 'r', 'a', 'w', 0, (byte) 0xFF})).isEqualTo(authenticated("raw"));
        assertThat(plain(new byte[] {0, 'r', 'a', 'w', 0, (byte) 0xFE})).isInstanceOf(Refused.class);
    }

    @Test
    void amqPlainTakesATableWithNameAndPassword() {
        assertThat(amqPlain(Map.of(
                        "LOGIN", FieldValue.of("alice"),
                        "PASSWORD", FieldValue.of("pässword"),
                        "OTHER", FieldValue.of(1))))
                .isEqualTo(authenticated("alice"));
    }

    @Test
    void amqPlainTakesByteArraysToo() {
        assertThat(amqPlain(Map.of(
                        "LOGIN", new FieldValue('x', bytes("alice")),
                        "PASSWORD", new FieldValue('x', bytes("pässword")))))
                .isEqualTo(authenticated("alice"));
    }

    @Test
    void amqPlainRefusesWrongCredentials() {
        assertThat(amqPlain(Map.of("LOGIN", FieldValue.of("alice"), "PASSWORD", FieldValue.of("wrong"))))
                .isEqualTo(new Refused("alice", "invalid credentials"));
        assertThat(amqPlain(Map.of("LOGIN", FieldValue.of("alice"), "PASSWORD", FieldValue.of(""))))
                .isInstanceOf(Refused.class);
    }

    @Test
    void amqPlainRejectsATableWithoutNameOrPassword() {
        assertThat(amqPlain(Map.of())).isInstanceOf(Malformed.class);
        assertThat(amqPlain(Map.of("LOGIN", FieldValue.of("alice")))).isInstanceOf(Malformed.class);
        assertThat(amqPlain(Map.of("PASSWORD", FieldValue.of("pässword")))).isInstanceOf(Malformed.class);
        assertThat(amqPlain(Map.of("login", FieldValue.of("alice"), "password", FieldValue.of("pässword"))))
                .isInstanceOf(Malformed.class);
    }

    @Test
    void amqPlainRejectsOtherTypes() {
        assertThat(amqPlain(Map.of("LOGIN", FieldValue.of("alice"), "PASSWORD", FieldValue.of(1))))
                .isInstanceOf(Malformed.class);
        assertThat(amqPlain(Map.of("LOGIN", FieldValue.of(true), "PASSWORD", FieldValue.of("x"))))
                .isInstanceOf(Malformed.class);
    }

    @Test
    void amqPlainRejectsEveryTruncatedTable() {
        byte[] table = FieldTable.of(Map.of("LOGIN", FieldValue.of("alice"), "PASSWORD", FieldValue.of("pässword")))
                .toBytes();
        for (int length = 0; length < table.length; length++) {
            SaslMechanism mechanism = mechanisms.begin("AMQPLAIN", REMOTE).orElseThrow();

            assertThat(mechanism.start(Arrays.copyOf(table, length)))
                    .as("first %d bytes", length)
                    .isInstanceOf(Malformed.class);
        }
    }

    @Test
    void anonymousLogsInAsTheConfiguredUserWhateverIsSent() {
        SaslMechanisms asAlice = SaslMechanisms.of(anonymous("alice", "pässword"), users);

        assertThat(asAlice.begin("ANONYMOUS", REMOTE).orElseThrow().start(bytes("trace info")))
                .isEqualTo(authenticated("alice"));
        assertThat(asAlice.begin("ANONYMOUS", REMOTE).orElseThrow().start(new byte[0]))
                .isEqualTo(authenticated("alice"));
    }

    @Test
    void anonymousIsRefusedWhenTheConfiguredPasswordIsWrong() {
        SaslMechanisms wrong = SaslMechanisms.of(anonymous("alice", "wrong"), users);

        assertThat(wrong.begin("ANONYMOUS", REMOTE).orElseThrow().start(new byte[0]))
                .isInstanceOf(Refused.class);
    }

    @Test
    void loopbackUsersLogInFromLoopbackOnly() {
        assertThat(start("PLAIN", InetAddress.getLoopbackAddress(), "\0guest\0guest"))
                .isEqualTo(authenticated("guest"));
        assertThat(start("PLAIN", address(127, 1, 2, 3), "\0guest\0guest")).isEqualTo(authenticated("guest"));
        assertThat(start("PLAIN", REMOTE, "\0guest\0guest"))
                .isEqualTo(new Refused("guest", "the user can only connect via localhost"));
        assertThat(start("ANONYMOUS", InetAddress.getLoopbackAddress(), "")).isEqualTo(authenticated("guest"));
        assertThat(start("ANONYMOUS", REMOTE, "")).isInstanceOf(Refused.class);
    }

    @Test
    void ipv6LoopbackIsLoopback() throws UnknownHostException {
        assertThat(start("PLAIN", InetAddress.getByName("::1"), "\0guest\0guest"))
                .isEqualTo(authenticated("guest"));
        assertThat(start("PLAIN", InetAddress.getByName("2001:db8::1"), "\0guest\0guest"))
                .isInstanceOf(Refused.class);
    }

    @Test
    void challengeResponseDemoAsksForThePassword() {
        SaslMechanism mechanism = challengeResponse();

        assertThat(mechanism.name()).isEqualTo("RABBIT-CR-DEMO");
        assertThat(mechanism.start(bytes("alice")))
                .isInstanceOfSatisfying(
                        Challenge.class,
                        challenge ->
                                assertThat(challenge.challenge()).isEqualTo(bytes("Please tell me your password")));
        assertThat(mechanism.secureOk(bytes("My password is pässword"))).isEqualTo(authenticated("alice"));
    }

    @Test
    void challengeResponseDemoRefusesAWrongPassword() {
        SaslMechanism mechanism = challengeResponse();
        mechanism.start(bytes("alice"));

        assertThat(mechanism.secureOk(bytes("My password is "))).isInstanceOf(Refused.class);
        assertThat(mechanism.secureOk(bytes("My password is wrong"))).isInstanceOf(Refused.class);
    }

    @Test
    void challengeResponseDemoRejectsAnotherSentence() {
        SaslMechanism mechanism = challengeResponse();
        mechanism.start(bytes("alice"));

        assertThat(mechanism.secureOk(bytes("pässword"))).isInstanceOf(Malformed.class);
    }

    @Test
    void clientIsToldTheSameWhateverTheReason() {
        var error = SaslMechanisms.loginRefused("PLAIN");

        assertThat(error.isHard()).isTrue();
        assertThat(error.replyCode()).isEqualTo(ReplyCode.ACCESS_REFUSED);
        assertThat(error.replyText())
                .isEqualTo("ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN. "
                        + "For details see the broker logfile.");
    }

    private SaslResult plain(String response) {
        return start("PLAIN", REMOTE, response);
    }

    private SaslResult plain(byte[] response) {
        return mechanisms.begin("PLAIN", REMOTE).orElseThrow().start(response);
    }

    private SaslResult start(String mechanism, InetAddress peer, String response) {
        return mechanisms.begin(mechanism, peer).orElseThrow().start(bytes(response));
    }

    private SaslResult amqPlain(Map<String, FieldValue> fields) {
        return mechanisms
                .begin("AMQPLAIN", REMOTE)
                .orElseThrow()
                .start(FieldTable.of(fields).toBytes());
    }

    private SaslMechanism challengeResponse() {
        return SaslMechanisms.of(CONFIG, users, List.of("PLAIN", "RABBIT-CR-DEMO"))
                .begin("RABBIT-CR-DEMO", REMOTE)
                .orElseThrow();
    }

    private Authenticated authenticated(String name) {
        return new Authenticated(users.current().user(name).orElseThrow());
    }

    private static BrokerConfig anonymous(String user, String password) {
        return BrokerConfig.builder(CONFIG.name()).anonymous(user, password).build();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static InetAddress address(int... octets) {
        try {
            return InetAddress.getByAddress(
                    new byte[] {(byte) octets[0], (byte) octets[1], (byte) octets[2], (byte) octets[3]});
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
