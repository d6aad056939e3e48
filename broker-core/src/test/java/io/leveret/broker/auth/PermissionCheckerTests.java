package io.leveret.broker.auth;

import static io.leveret.broker.auth.ResourceKind.EXCHANGE;
import static io.leveret.broker.auth.ResourceKind.QUEUE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.leveret.broker.error.AmqpError;
import io.leveret.broker.error.ReplyCode;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PermissionCheckerTests {
    private final Users users = new Users();
    private final User user = new User("u", PasswordHash.NONE, Set.of("administrator"));
    private final PermissionChecker checker;

    PermissionCheckerTests() {
        users.putUser(user);
        checker = new PermissionChecker(users, user, "/");
    }

    @Test
    void allowsWhatThePatternsFind() {
        allow("^c", "^w", "^r");

        assertThatCode(() -> {
                    checker.checkConfigure(QUEUE, "cq");
                    checker.checkWrite(EXCHANGE, "we");
                    checker.checkRead(QUEUE, "rq");
                })
                .doesNotThrowAnyException();
    }

    @Test
    void refusesEachPermissionWithRabbitMqsText() {
        allow("^c", "^w", "^r");

        assertRefused(
                () -> checker.checkConfigure(QUEUE, "q"),
                "configure access to queue 'q' in vhost '/' refused for user 'u'");
        assertRefused(
                () -> checker.checkWrite(EXCHANGE, "e"),
                "write access to exchange 'e' in vhost '/' refused for user 'u'");
        assertRefused(
                () -> checker.checkRead(QUEUE, "q"), "read access to queue 'q' in vhost '/' refused for user 'u'");
    }

    @Test
    void permissionsDoNotStandInForOneAnother() {
        allow("^c", "^w", "^r");

        assertRefused(() -> checker.checkConfigure(QUEUE, "w"));
        assertRefused(() -> checker.checkWrite(QUEUE, "r"));
        assertRefused(() -> checker.checkRead(QUEUE, "c"));
    }

    @Test
    void emptyPatternAllowsNothing() {
        allow("", "", "");

        assertRefused(() -> checker.checkConfigure(QUEUE, "q"));
        assertRefused(() -> checker.checkWrite(EXCHANGE, "amq.topic"));
        assertRefused(() -> checker.checkRead(QUEUE, "q"));
    }

    @Test
    void matchesAndPrintsTheDefaultExchangeAsAmqDefault() {
        allow("", "", "");
        assertRefused(
                () -> checker.checkWrite(EXCHANGE, ""),
                "write access to exchange 'amq.default' in vhost '/' refused for user 'u'");

        allow("", "^amq\\.default$", "");
        assertThatCode(() -> checker.checkWrite(EXCHANGE, "")).doesNotThrowAnyException();
    }

    @Test
    void refusesEverythingWithoutAPermissionRow() {
        assertRefused(() -> checker.checkConfigure(QUEUE, "q"));
        assertRefused(() -> checker.checkAny(QUEUE, "q"));
    }

    @Test
    void permissionsOfAnotherVhostDoNotCount() {
        users.putPermission(Permission.of("u", "other", ".*", ".*", ".*"));

        assertRefused(() -> checker.checkRead(QUEUE, "q"));
    }

    @ParameterizedTest
    @CsvSource({"q,'',''", "'',q,''", "'','',q", ".*,.*,.*"})
    void passiveDeclareNeedsAnyOneOfTheThree(String configure, String write, String read) {
        allow(configure, write, read);

        assertThatCode(() -> checker.checkAny(QUEUE, "q")).doesNotThrowAnyException();
    }

    @Test
    void passiveDeclareIsRefusedWithNoneOfTheThree() {
        allow("x", "x", "x");

        assertRefused(
                () -> checker.checkAny(EXCHANGE, "e"),
                "configure access to exchange 'e' in vhost '/' refused for user 'u'");
    }

    @Test
    void changesReachAnExistingConnection() {
        allow(".*", ".*", ".*");
        checker.checkWrite(EXCHANGE, "e");

        users.clearPermission("u", "/");
        assertRefused(() -> checker.checkWrite(EXCHANGE, "e"));

        allow("", "e", "");
        assertThatCode(() -> checker.checkWrite(EXCHANGE, "e")).doesNotThrowAnyException();

        allow("", "f", "");
        assertRefused(() -> checker.checkWrite(EXCHANGE, "e"));
    }

    @Test
    void rememberedDecisionsKeepKindsAndPermissionsApart() {
        allow("", "^(a|b)$", "");
        checker.checkWrite(EXCHANGE, "a");

        assertRefused(() -> checker.checkRead(EXCHANGE, "a"));
        assertRefused(() -> checker.checkConfigure(EXCHANGE, "a"));
    }

    @Test
    void staysRightWithMoreNamesThanItRemembers() {
        allow("", "^ok", "");

        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 100; i++) {
                int n = i;
                assertThatCode(() -> checker.checkWrite(QUEUE, "ok" + n)).doesNotThrowAnyException();
                assertRefused(() -> checker.checkWrite(QUEUE, "no" + n));
            }
        }
    }

    @Test
    void topicsAreFreeWithoutARowForTheExchange() {
        users.putTopicPermission(TopicPermission.of("u", "/", "other", "", ""));
        users.putTopicPermission(TopicPermission.of("u", "v", "t", "", ""));

        assertThatCode(() -> {
                    checker.checkTopicWrite("t", "k");
                    checker.checkTopicRead("t", "#");
                })
                .doesNotThrowAnyException();
    }

    @Test
    void refusesTopicsWithRabbitMqsText() {
        users.putTopicPermission(TopicPermission.of("u", "/", "t", "^w", "^r"));

        checker.checkTopicWrite("t", "w.1");
        checker.checkTopicRead("t", "r.1");
        assertRefused(
                () -> checker.checkTopicWrite("t", "r.1"),
                "write access to topic 'r.1' in exchange 't' in vhost '/' refused for user 'u'");
        assertRefused(
                () -> checker.checkTopicRead("t", "w.1"),
                "read access to topic 'w.1' in exchange 't' in vhost '/' refused for user 'u'");
    }

    @Test
    void topicPermissionsExpandUserAndVhost() {
        users.putTopicPermission(TopicPermission.of("u", "/", "t", "^{username}\\.x$", "^{vhost}$"));

        checker.checkTopicWrite("t", "u.x");
        checker.checkTopicRead("t", "/");
        assertRefused(() -> checker.checkTopicWrite("t", "v.x"));
        assertRefused(() -> checker.checkTopicRead("t", "v"));
    }

    @Test
    void rememberedTopicsKeepExchangesApart() {
        users.putTopicPermission(TopicPermission.of("u", "/", "t", "^xk$", ""));
        users.putTopicPermission(TopicPermission.of("u", "/", "tx", "", ""));
        checker.checkTopicWrite("t", "xk");

        assertRefused(() -> checker.checkTopicWrite("tx", "k"));
    }

    @Test
    void topicChangesReachAnExistingConnection() {
        checker.checkTopicWrite("t", "k");
        users.putTopicPermission(TopicPermission.of("u", "/", "t", "^k$", ""));
        checker.checkTopicWrite("t", "k");
        users.putTopicPermission(TopicPermission.of("u", "/", "t", "", ""));

        assertRefused(() -> checker.checkTopicWrite("t", "k"));
    }

    @Test
    void userIdMustBeTheOwnName() {
        checker.checkUserId(null);
        checker.checkUserId("u");

        assertThatExceptionOfType(AmqpError.class)
                .isThrownBy(() -> checker.checkUserId("a"))
                .satisfies(error -> {
                    assertThat(error.replyCode()).isEqualTo(ReplyCode.PRECONDITION_FAILED);
                    assertThat(error.isHard()).isFalse();
                })
                .withMessage("user_id property set to 'a' but authenticated user was 'u'");
    }

    @Test
    void emptyUserIdIsAnotherName() {
        assertThatExceptionOfType(AmqpError.class).isThrownBy(() -> checker.checkUserId(""));
    }

    @Test
    void impersonatorMayUseAnyUserId() {
        User impersonator = new User("i", PasswordHash.NONE, Set.of("impersonator"));
        PermissionChecker impersonating = new PermissionChecker(users, impersonator, "/");

        assertThatCode(() -> impersonating.checkUserId("a")).doesNotThrowAnyException();
    }

    private void allow(String configure, String write, String read) {
        users.putPermission(Permission.of("u", "/", configure, write, read));
    }

    private static void assertRefused(ThrowingCallable check, String text) {
        assertThatExceptionOfType(AmqpError.class)
                .isThrownBy(check)
                .satisfies(error -> {
                    assertThat(error.replyCode()).isEqualTo(ReplyCode.ACCESS_REFUSED);
                    assertThat(error.isHard()).isFalse();
                })
                .withMessage(text);
    }

    private static void assertRefused(ThrowingCallable check) {
        assertThatExceptionOfType(AmqpError.class)
                .isThrownBy(check)
                .matches(error -> error.replyCode() == ReplyCode.ACCESS_REFUSED);
    }
}
