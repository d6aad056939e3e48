package io.leveret.broker.amqp.leak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import io.netty.util.ResourceLeakTracker;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Leaks into detectors of its own, so that the run it is part of stays clean. */
class LeakListenerTests {
    private final LeakReports reports = new LeakReports();
    private final ResourceLeakDetector<Object> detector = reports.factory().newResourceLeakDetector(Object.class, 1);

    @Test
    void reportsAResourceThatWasLostBeforeItWasClosed() {
        loseOne(detector);

        await().untilAsserted(() -> {
            assertThat(reportsAfterCollection()).hasSize(1);
            assertThat(reportsAfterCollection().get(0)).startsWith("LEAK: Object");
        });
    }

    @Test
    void reportsNothingForAResourceThatWasClosed() throws InterruptedException {
        Object resource = new Object();
        ResourceLeakTracker<Object> tracker = detector.track(resource);
        assertThat(tracker).isNotNull();
        tracker.close(resource);
        resource = null;

        assertThat(reportsAfterCollection()).isEmpty();
    }

    @Test
    void failsTheRunWithEveryReport() {
        assertThatThrownBy(() -> LeakListener.failOn(List.of("LEAK: one", "LEAK: two")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContainingAll("2 leaked", "LEAK: one", "LEAK: two");
        assertThatCode(() -> LeakListener.failOn(List.of())).doesNotThrowAnyException();
    }

    @Test
    void isInPlaceForTheBuffersOfThisRun() {
        assertThat(ResourceLeakDetectorFactory.instance()
                        .newResourceLeakDetector(ByteBuf.class, 1)
                        .getClass()
                        .getEnclosingClass())
                .isEqualTo(LeakReports.class);
    }

    @Test
    void tracksEveryBufferOfThisRun() {
        assertThat(ResourceLeakDetector.getLevel()).isEqualTo(ResourceLeakDetector.Level.PARANOID);
    }

    private List<String> reportsAfterCollection() throws InterruptedException {
        LeakReports.awaitCollection();
        // A detector looks for lost resources when it is given another one.
        Object next = new Object();
        @Nullable ResourceLeakTracker<Object> tracker = detector.track(next);
        if (tracker != null) {
            tracker.close(next);
        }
        return reports.all();
    }

    private static void loseOne(ResourceLeakDetector<Object> detector) {
        assertThat(detector.track(new Object())).isNotNull();
    }
}
