package io.leveret.broker.channel;

import static io.leveret.broker.channel.RestartableBroker.PERSISTENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.BrokerConfig;
import io.leveret.broker.message.BasicProperties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** While the journal can't write, publishers of what it is to keep are not read any further, and nobody else is stopped. */
class CongestionTests {
    private static final String BODY = "x".repeat(256 * 1024);
    private static final int MANY = 400;

    private final RestartableBroker restartable = new RestartableBroker();
    private TestChannel publisher;

    @BeforeEach
    void declareQueues() {
        restartable.declare(0, "queue of loop 0");
        restartable.declare(1, "queue of loop 1");
        publisher = restartable.confirming(0);
        restartable.awaitWritten();
    }

    @AfterEach
    void closeBroker() {
        restartable.close();
    }

    /** Publishes until nothing more would be read; returns how many messages that were. */
    private int publishUntilSuspended(String queue) {
        int published = 0;
        while (!publisher.client.readingSuspended) {
            assertThat(published++).as("messages that were taken").isLessThan(MANY);
            publisher.publish("", queue, PERSISTENT, false, BODY);
            restartable.broker().runAll();
        }
        return published;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void stopsReadingFromPublishersUntilThereIsRelief(int loop) {
        restartable.messages().blockCommits();
        int published = publishUntilSuspended("queue of loop " + loop);
        assertThat(publisher.output.log).isEmpty();
        restartable.messages().releaseCommits();
        restartable.await(() -> assertThat(publisher.client.readingSuspended).isFalse());
        restartable.await(
                () -> assertThat(publisher.output.log).last().asString().startsWith("ack " + published));
        restartable.messages().blockCommits();
        assertThat(publishUntilSuspended("queue of loop " + loop)).isGreaterThan(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void stopsWhoPublishesWithoutConfirmsToo(int loop) {
        publisher = restartable.open(0);
        restartable.messages().blockCommits();
        publishUntilSuspended("queue of loop " + loop);
        restartable.messages().releaseCommits();
        restartable.await(() -> assertThat(publisher.client.readingSuspended).isFalse());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void stopsNobodyElse(int loop) {
        TestChannel consumer = restartable.open(loop);
        consumer.consume("queue of loop " + loop, "tag");
        restartable.messages().blockCommits();
        publishUntilSuspended("queue of loop " + loop);
        TestChannel other = restartable.confirming(loop);
        other.publish("", "queue of loop " + loop, BasicProperties.EMPTY, false, "transient");
        restartable.broker().runAll();
        assertThat(other.client.readingSuspended).isFalse();
        assertThat(other.output.log).containsExactly("ack 1");
        consumer.ack(0, true);
        assertThat(consumer.counts("queue of loop " + loop)).isEqualTo("[ready=0, unacked=0, consumers=1]");
        assertThat(consumer.client.readingSuspended).isFalse();
        assertThat(publisher.client.readingSuspended).isTrue();
    }

    /** What is not to be kept can't leave the memory any faster than it is written. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void stopsWhoStoresNothingWhileMemoryIsShort(int loop) {
        String queue = "queue of loop " + loop;
        try (RestartableBroker little = new RestartableBroker(
                BrokerConfig.builder("test").messageMemoryBytes(1_000_000).build())) {
            little.declare(loop, queue);
            little.awaitWritten();
            little.messages().blockCommits();
            TestChannel other = little.confirming(0);
            int published = 0;
            while (!other.client.readingSuspended) {
                assertThat(published++).as("messages that were taken").isLessThan(MANY);
                other.publish("", queue, BasicProperties.EMPTY, false, BODY);
                little.broker().runAll();
            }
            assertThat(other.output.log).as("each is confirmed").hasSize(published);
            little.messages().releaseCommits();
            little.await(() -> assertThat(other.client.readingSuspended).isFalse());
        }
    }

    @Test
    void waitsForTheDiskOfBothLoops() {
        restartable.messages().blockCommits();
        publishUntilSuspended("queue of loop 0");
        publisher.publish("", "queue of loop 1", PERSISTENT, false, "was on its way");
        restartable.broker().runAll();
        restartable.messages().releaseCommits();
        restartable.await(() -> assertThat(publisher.client.readingSuspended).isFalse());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aConnectionThatEndsMeanwhileIsForgotten(int loop) {
        restartable.messages().blockCommits();
        int published = publishUntilSuspended("queue of loop " + loop);
        publisher.client.close();
        restartable.messages().releaseCommits();
        restartable.awaitWritten();
        assertThat(publisher.output.log).isEmpty();
        assertThat(restartable.drain("queue of loop " + loop)).hasSize(published);
    }
}
