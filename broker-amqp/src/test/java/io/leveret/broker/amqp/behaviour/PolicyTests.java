package io.leveret.broker.amqp.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What policies do to queues and exchanges that are in use. */
@Tag("behaviour")
class PolicyTests {
    private static final long LONG_MILLIS = 3_600_000;
    private static final long CONFIRM_MILLIS = 5_000;

    @RegisterExtension
    final TestBroker broker = new TestBroker();

    // ---- exchanges

    @Test
    void alternateExchangeComesChangesAndGoesWithItsPolicy() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "direct");
        String one = broker.exchange(channel, "fanout");
        String atOne = broker.queueBoundTo(channel, one, "");
        String two = broker.exchange(channel, "fanout");
        String atTwo = broker.queueBoundTo(channel, two, "");
        publish(channel, exchange, "before");

        String policy = broker.policyFor(exchange, 0, Map.of("alternate-exchange", one));
        publish(channel, exchange, "one");
        broker.administration().putPolicy(policy, "^" + exchange + "$", "all", 0, Map.of("alternate-exchange", two));
        publish(channel, exchange, "two");
        broker.undo(policy);
        publish(channel, exchange, "after");

        assertThat(TestBroker.drain(channel, atOne)).containsExactly("one");
        assertThat(TestBroker.drain(channel, atTwo)).containsExactly("two");
    }

    @Test
    void alternateExchangeOfAnArgumentWins() throws IOException {
        Channel channel = broker.channel();
        String byArgument = broker.exchange(channel, "fanout");
        String atArgument = broker.queueBoundTo(channel, byArgument, "");
        String byPolicy = broker.exchange(channel, "fanout");
        String atPolicy = broker.queueBoundTo(channel, byPolicy, "");
        String exchange = broker.exchange(channel, "direct", Map.of("alternate-exchange", byArgument));

        broker.policyFor(exchange, 0, Map.of("alternate-exchange", byPolicy));
        publish(channel, exchange, "a");

        assertThat(TestBroker.drain(channel, atArgument)).containsExactly("a");
        assertThat(TestBroker.drain(channel, atPolicy)).isEmpty();
    }

    @Test
    void appliesToAnExchangeThatIsDeclaredLater() throws IOException {
        Channel channel = broker.channel();
        String alternate = broker.exchange(channel, "fanout");
        String unrouted = broker.queueBoundTo(channel, alternate, "");
        String exchange = broker.name();

        broker.policyFor(exchange, 0, Map.of("alternate-exchange", alternate));
        channel.exchangeDeclare(exchange, "direct");
        publish(channel, exchange, "a");

        assertThat(TestBroker.drain(channel, unrouted)).containsExactly("a");
    }

    @Test
    void defaultExchangeNeverHasAnAlternate() throws IOException {
        Channel channel = broker.channel();
        String alternate = broker.exchange(channel, "fanout");
        String unrouted = broker.queueBoundTo(channel, alternate, "");

        broker.policy("^$", "exchanges", 0, Map.of("alternate-exchange", alternate));
        channel.basicPublish("", broker.name(), null, TestBroker.bytes("a"));

        assertThat(TestBroker.drain(channel, unrouted)).isEmpty();
    }

    @Test
    void policyForQueuesIsNotForExchanges() throws IOException {
        Channel channel = broker.channel();
        String alternate = broker.exchange(channel, "fanout");
        String unrouted = broker.queueBoundTo(channel, alternate, "");
        String exchange = broker.exchange(channel, "direct");

        broker.policy("^" + exchange + "$", "queues", 1, Map.of("alternate-exchange", alternate));
        publish(channel, exchange, "a");
        broker.policy("^" + exchange + "$", "exchanges", 0, Map.of("alternate-exchange", alternate));
        publish(channel, exchange, "b");

        assertThat(TestBroker.drain(channel, unrouted)).containsExactly("b");
    }

    // ---- which policy applies

    @Test
    void highestPriorityWinsAndTheNextTakesItsPlace() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        broker.policyFor(queue, 1, Map.of("max-length", 1));
        String higher = broker.policyFor(queue, 2, Map.of("max-length", 3));

        assertLengthSettlesAt(channel, queue, 3);
        broker.undo(higher);
        assertLengthSettlesAt(channel, queue, 1);
    }

    @Test
    void onlyOnePolicyApplies() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        broker.policyFor(queue, 1, Map.of("max-length", 1));
        broker.policyFor(queue, 2, Map.of("max-length-bytes", 1_000));

        TestBroker.publish(channel, queue, "a", "b", "c");

        assertThat(TestBroker.drain(channel, queue)).containsExactly("a", "b", "c");
    }

    @Test
    void policyWithAKeyTheQueueDoesNotSupportIsSkippedWhole() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        broker.policyFor(queue, 2, Map.of("max-length", 1, "delivery-limit", 5));
        broker.policyFor(queue, 1, Map.of("max-length", 2));

        assertLengthSettlesAt(channel, queue, 2);
    }

    @Test
    void patternIsSearchedForAnywhereInTheName() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        broker.policy(queue.substring(3) + "$", "queues", 0, Map.of("max-length", 1));

        assertLengthSettlesAt(channel, queue, 1);
    }

    @Test
    @Tag("not-rabbitmq-3.10") // these came with 3.12
    void policyMayBeForOneTypeOfQueues() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        broker.policy("^" + queue + "$", "quorum_queues", 2, Map.of("max-length", 1));
        broker.policy("^" + queue + "$", "streams", 2, Map.of("max-length-bytes", 1));
        broker.policy("^" + queue + "$", "classic_queues", 1, Map.of("max-length", 2));

        assertLengthSettlesAt(channel, queue, 2);
    }

    // ---- operator policies

    @ParameterizedTest
    @CsvSource({"5, 2, 2", "1, 3, 1"})
    void smallerOfPolicyAndOperatorPolicyCounts(long policy, long operator, int effective) throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        broker.policyFor(queue, 0, Map.of("max-length", policy));
        broker.operatorPolicyFor(queue, Map.of("max-length", operator));

        assertLengthSettlesAt(channel, queue, effective);
    }

    @Test
    void keysOfOneSideAreTakenAsTheyAre() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        channel.confirmSelect();
        broker.policyFor(queue, 0, Map.of("overflow", "reject-publish"));
        String operator = broker.operatorPolicyFor(queue, Map.of("max-length", 1));

        soon().until(() -> !isTaken(channel, queue));
        broker.undo(operator);
        soon().until(() -> isTaken(channel, queue));
    }

    private static boolean isTaken(Channel channel, String queue)
            throws IOException, InterruptedException, TimeoutException {
        TestBroker.publish(channel, queue, "x");
        return channel.waitForConfirms(CONFIRM_MILLIS);
    }

    // ---- policy and argument

    @ParameterizedTest
    @CsvSource({"5, 2, 2", "1, 3, 1"})
    void smallerOfArgumentAndPolicyCounts(int argument, int policy, int effective) throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel, Map.of("x-max-length", argument));
        broker.policyFor(queue, 0, Map.of("max-length", policy));

        assertLengthSettlesAt(channel, queue, effective);
    }

    @Test
    void smallerMaxLengthBytesCounts() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel, Map.of("x-max-length-bytes", 100));
        broker.policyFor(queue, 0, Map.of("max-length-bytes", 3));

        assertLengthSettlesAt(channel, queue, 3);
    }

    @ParameterizedTest
    @CsvSource({"1, 3600000", "3600000, 1"})
    void smallerTimeToLiveCounts(int argument, int policy) throws IOException {
        Channel channel = broker.channel();
        String queue = broker.name();
        broker.policyFor(queue, 0, Map.of("message-ttl", policy));
        channel.queueDeclare(queue, false, false, false, Map.of("x-message-ttl", argument));

        TestBroker.publish(channel, queue, "a");

        soon().until(() -> channel.queueDeclarePassive(queue).getMessageCount() == 0);
    }

    @ParameterizedTest
    @CsvSource({"100, 3600000", "3600000, 1"})
    void smallerExpiryCounts(int argument, int policy) throws IOException {
        Channel channel = broker.channel();
        String queue = broker.name();
        broker.policyFor(queue, 0, Map.of("expires", policy));
        channel.queueDeclare(queue, false, false, false, Map.of("x-expires", argument));

        awaitGone(queue);
    }

    @Test
    void expiryOfAPolicyCountsForAQueueThatIsIdleAlready() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        TestBroker.publish(channel, queue, "a");

        broker.policyFor(queue, 0, Map.of("expires", 1));

        awaitGone(queue);
    }

    @Test
    void deadLetterExchangeAndKeyOfArgumentsWin() throws IOException {
        Channel channel = broker.channel();
        String byArgument = broker.queue(channel);
        String byPolicy = broker.queue(channel);
        String queue =
                broker.queue(channel, Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", byArgument));
        String alternate = broker.exchange(channel, "direct");
        broker.policyFor(queue, 0, Map.of("dead-letter-exchange", alternate, "dead-letter-routing-key", byPolicy));

        reject(channel, queue, "a");

        soon().until(() -> channel.queueDeclarePassive(byArgument).getMessageCount() == 1);
        assertThat(channel.queueDeclarePassive(byPolicy).getMessageCount()).isZero();
    }

    @Test
    void deadLetterExchangeOfAPolicyComesAndGoesWithIt() throws IOException {
        Channel channel = broker.channel();
        String dead = broker.queue(channel);
        String next = broker.queue(channel);
        String queue = broker.queue(channel);
        broker.policyFor(queue, 1, Map.of("dead-letter-exchange", "", "dead-letter-routing-key", next));
        String policy = broker.policyFor(queue, 2, Map.of("dead-letter-exchange", "", "dead-letter-routing-key", dead));

        awaitDeadLetter(channel, queue, dead);
        broker.undo(policy);
        awaitDeadLetter(channel, queue, next);
        channel.queuePurge(dead);
        awaitDeadLetter(channel, queue, next);

        assertThat(TestBroker.drain(channel, dead)).isEmpty();
    }

    /** Rejects messages until one of them arrives there. */
    private static void awaitDeadLetter(Channel channel, String queue, String dead) throws IOException {
        channel.queuePurge(dead);
        soon().until(() -> {
            reject(channel, queue, "a");
            return channel.queueDeclarePassive(dead).getMessageCount() > 0;
        });
    }

    @Test
    void overflowOfAnArgumentWins() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel, Map.of("x-overflow", "drop-head", "x-max-length", 1));
        broker.policyFor(queue, 0, Map.of("overflow", "reject-publish", "max-length", 1));
        Confirms confirms = Confirms.select(channel);

        TestBroker.publish(channel, queue, "a", "b");

        confirms.awaitAcked(2);
        assertThat(TestBroker.drain(channel, queue)).containsExactly("b");
    }

    // ---- living queues

    @Test
    void lowerLimitDropsTheHeadOfALivingQueueAtOnce() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        TestBroker.publish(channel, queue, "a", "b", "c", "d");

        String policy = broker.policyFor(queue, 0, Map.of("max-length", 2));

        soon().until(() -> channel.queueDeclarePassive(queue).getMessageCount() == 2);
        assertThat(TestBroker.drain(channel, queue)).containsExactly("c", "d");
        broker.undo(policy);
        assertLengthSettlesAt(channel, queue, 6);
    }

    @Test
    void aQueueDeclaredLaterGoesByItFromItsFirstMessage() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.name();
        broker.policyFor(queue, 0, Map.of("max-length", 1));

        channel.queueDeclare(queue, false, false, false, null);
        TestBroker.publish(channel, queue, "a", "b");

        assertThat(TestBroker.drain(channel, queue)).containsExactly("b");
    }

    @Test
    void isNoPartOfWhatARedeclarationIsComparedWith() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        broker.policyFor(queue, 0, Map.of("max-length", 1, "message-ttl", LONG_MILLIS));

        AMQP.Queue.DeclareOk again = channel.queueDeclare(queue, false, false, false, null);

        assertThat(again.getQueue()).isEqualTo(queue);
    }

    // ---- what is refused

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "no-such-key | 1 | [{<<\"no-such-key\">>,1}] are not recognised policy settings",
                "max-length | -1 | -1 is not a valid maximum length",
                "expires | 0 | 0 is not a valid queue expiry"
            })
    void refusesWhatIsNoPolicy(String key, long value, String text) {
        assertThatIOException()
                .isThrownBy(() -> broker.policy("^none$", "all", 0, Map.of(key, value)))
                .withMessageContaining("Validation failed\n\n" + text + "\n");
    }

    @Test
    void refusesAnEmptyPolicyAndAWrongPattern() {
        assertThatIOException()
                .isThrownBy(() -> broker.policy("^none$", "all", 0, Map.of()))
                .withMessageContaining("Validation failed\n\nno policy provided\n");
        assertThatIOException()
                .isThrownBy(() -> broker.policy("(none", "all", 0, Map.of("max-length", 1)))
                .withMessageContaining("Validation failed\n\npattern should be regular expression but is invalid: ");
    }

    @Test
    void refusesKeysThatOperatorPoliciesDoNotHave() {
        assertThatIOException()
                .isThrownBy(() -> broker.operatorPolicyFor("none", Map.of("dead-letter-exchange", "e")))
                .withMessageContaining("[{<<\"dead-letter-exchange\">>,<<\"e\">>}] are not recognised policy settings");
    }

    @Test
    void refusesToClearAPolicyThatIsMissing() {
        assertThatIOException()
                .isThrownBy(() -> broker.administration().clearPolicy("none"))
                .withMessageContaining("Parameter does not exist");
    }

    @Test
    void refusesParametersOfUnknownComponents() {
        assertThatIOException()
                .isThrownBy(() -> broker.administration().putParameter("nothing", "name", 1))
                .withMessageContaining("Validation failed\n\ncomponent nothing not found\n");
        assertThatIOException()
                .isThrownBy(() -> broker.administration().putParameter("policy", "name", 1))
                .withMessageContaining("policies may not be set using this method");
    }

    // ----

    /** Publishes six one-byte messages until the queue holds that many of them. */
    private void assertLengthSettlesAt(Channel channel, String queue, int length) {
        soon().untilAsserted(() -> {
            channel.queuePurge(queue);
            TestBroker.publish(channel, queue, "x", "x", "x", "x", "x", "x");
            assertThat(TestBroker.drain(channel, queue)).hasSize(length);
        });
    }

    private static void publish(Channel channel, String exchange, String body) throws IOException {
        channel.basicPublish(exchange, "nobody", null, TestBroker.bytes(body));
        // the exchange has routed it when this is answered, and a policy that comes next is too late for it
        channel.exchangeDeclarePassive(exchange);
    }

    private static void reject(Channel channel, String queue, String body) throws IOException {
        TestBroker.publish(channel, queue, body);
        channel.basicReject(channel.basicGet(queue, false).getEnvelope().getDeliveryTag(), false);
    }

    private void awaitGone(String queue) {
        // each look makes it start anew
        soon().pollInterval(Duration.ofMillis(300)).until(() -> !TestBroker.queueExists(broker.connection(), queue));
    }

    private static ConditionFactory soon() {
        return await().pollInterval(Duration.ofMillis(20)).atMost(Duration.ofSeconds(60));
    }
}
