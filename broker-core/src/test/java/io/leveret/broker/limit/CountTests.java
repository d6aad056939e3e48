package io.leveret.broker.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CountTests {
    private final Count count = new Count();

    @Test
    void stopsAtTheLimit() {
        assertThat(count.add("a", 2)).isTrue();
        assertThat(count.add("a", 2)).isTrue();
        assertThat(count.add("a", 2)).isFalse();
        assertThat(count.add("b", 2)).isTrue();
        assertThat(count.of("a")).isEqualTo(2);
        count.remove("a");
        assertThat(count.add("a", 2)).isTrue();
    }

    @Test
    void zeroIsNothingAtAllAndNegativeAnyNumber() {
        assertThat(count.add("a", 0)).isFalse();
        assertThat(count.add("a", -1)).isTrue();
        assertThat(count.of("a")).isEqualTo(1);
    }

    @Test
    void forgetsNamesWithoutAny() {
        count.add("a", -1);
        count.remove("a");
        count.remove("a");
        assertThat(count.of("a")).isZero();
    }

    @Test
    void letsNoneTooManyThroughWhenManyComeAtOnce() {
        AtomicInteger let = new AtomicInteger();
        List<CompletableFuture<Void>> all = IntStream.range(0, 4)
                .mapToObj(thread -> CompletableFuture.runAsync(() -> {
                    for (int i = 0; i < 1_000; i++) {
                        if (count.add("a", 1_500)) {
                            let.incrementAndGet();
                        }
                    }
                }))
                .toList();
        all.forEach(CompletableFuture::join);
        assertThat(let).hasValue(1_500);
        assertThat(count.of("a")).isEqualTo(1_500);
    }
}
