package io.leveret.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TopologyWriterTests {
    private final TopologyWriter writer = new TopologyWriter("test");

    @AfterEach
    void close() {
        writer.close();
    }

    @Test
    void runsOneAfterAnotherOnItsOwnThread() {
        StringBuilder order = new StringBuilder();
        writer.submit(() -> order.append('a'));
        writer.submit(() -> order.append('b'));
        String thread = writer.submit(
                        () -> order.append('c') + Thread.currentThread().getName())
                .join();
        assertThat(thread).isEqualTo("abcbroker-test-topology");
    }

    @Test
    void aFailedChangeFailsItsFutureAndNothingElse() {
        CompletableFuture<String> failed = writer.submit(() -> {
            throw new IllegalStateException("no");
        });
        CompletableFuture<String> broken = writer.submit(() -> {
            throw new AssertionError("bug");
        });
        assertThat(writer.submit(() -> "next").join()).isEqualTo("next");
        assertThatThrownBy(failed::join).hasRootCauseMessage("no");
        assertThat(broken).isCompletedExceptionally();
        assertThatThrownBy(broken::join).hasRootCauseMessage("bug");
    }

    @Test
    void refusesChangesOnceItIsClosed() {
        writer.close();
        assertThatThrownBy(() -> writer.submit(() -> "late").join())
                .hasCauseInstanceOf(RejectedExecutionException.class);
    }
}
