package io.leveret.samples.tutorials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** Runs each tutorial as its user does and reads what it prints. */
@ExtendWith(OutputCaptureExtension.class)
class TutorialsTests {
    @Test
    void withoutAProfileItNamesTheTutorials(CapturedOutput output) {
        runUntil("default", () -> assertThat(output).contains("Choose a tutorial", "publisher-confirms"));
    }

    @Test
    void helloArrives(CapturedOutput output) {
        runUntil("hello", () -> assertThat(output).contains("sent 'Hello World!'", "received 'Hello World!'"));
    }

    @Test
    void aBusyWorkerGetsNoFurtherTask(CapturedOutput output) {
        runUntil("work-queues", () -> assertThat(lines(output, "worker: done ")).hasSize(6));
        List<String> done = lines(output, "worker: done ");
        String busy = done.get(5).substring(0, done.get(5).indexOf(':'));
        assertThat(done.get(5)).contains("'long ");
        assertThat(done.subList(0, 5))
                .noneMatch(line -> line.startsWith(busy))
                .allMatch(line -> line.contains("'short "));
    }

    @Test
    void eachSubscriberGetsACopy(CapturedOutput output) {
        runUntil(
                "publish-subscribe",
                () -> assertThat(lines(output, "subscriber: "))
                        .containsExactlyInAnyOrder(
                                "first subscriber: 'the disk is full'", "second subscriber: 'the disk is full'"));
    }

    @Test
    void aListenerGetsTheSeveritiesItIsBoundFor(CapturedOutput output) {
        runUntil("routing", () -> {
            assertThat(lines(output, "errors: ")).containsExactly("errors: 'something to error'");
            assertThat(lines(output, "everything: "))
                    .containsExactly(
                            "everything: 'something to info'",
                            "everything: 'something to warning'",
                            "everything: 'something to error'");
        });
    }

    @Test
    void aListenerGetsTheTopicsThatMatch(CapturedOutput output) {
        runUntil("topics", () -> {
            assertThat(lines(output, "orange: "))
                    .containsExactly(
                            "orange: quick.orange.rabbit", "orange: lazy.orange.elephant", "orange: quick.orange.fox");
            assertThat(lines(output, "rabbit or lazy: "))
                    .containsExactly(
                            "rabbit or lazy: quick.orange.rabbit",
                            "rabbit or lazy: lazy.orange.elephant",
                            "rabbit or lazy: lazy.brown.fox");
        });
    }

    @Test
    void aRequestIsAnswered(CapturedOutput output) {
        runUntil("rpc", () -> assertThat(output).contains("fibonacci(30) is 832040"));
    }

    @Test
    void everyMessageIsConfirmedAndTheLostOneComesBack(CapturedOutput output) {
        runUntil(
                "publisher-confirms",
                () -> assertThat(output).contains("1000 of 1000 messages are confirmed", "came back: NO_ROUTE"));
    }

    private static void runUntil(String tutorial, Runnable seen) {
        try (ConfigurableApplicationContext running = new SpringApplicationBuilder(TutorialsApplication.class)
                .profiles(tutorial)
                .run()) {
            await().atMost(Duration.ofSeconds(60)).untilAsserted(seen::run);
            assertThat(running.isRunning()).isTrue();
        }
    }

    private static List<String> lines(CapturedOutput output, String part) {
        return output.toString().lines().filter(line -> line.contains(part)).toList();
    }
}
