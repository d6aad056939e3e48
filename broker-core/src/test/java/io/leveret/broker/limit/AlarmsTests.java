package io.leveret.broker.limit;

import static io.leveret.broker.limit.FakeMemory.MB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.leveret.broker.loop.ManualEventLoops;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AlarmsTests {
    private static final long INTERVAL_MILLIS = 20;

    private final ManualEventLoops loops = new ManualEventLoops(2);
    private final MemoryInUse messages = new MemoryInUse(2);
    private final FakeMemory memory = new FakeMemory();
    private volatile long freeBytes = 1_000;
    private volatile boolean diskFails;
    private volatile int disksLookedAt;
    private final List<String> released = new ArrayList<>();
    private final Alarms alarms = alarms(new AlarmConfig(MemoryWatermark.part(0.6), 500, Path.of(""), INTERVAL_MILLIS));

    private Alarms alarms(AlarmConfig config) {
        return alarms("test", config);
    }

    private Alarms alarms(String name, AlarmConfig config) {
        return new Alarms(name, config, loops, messages, memory, directory -> {
            disksLookedAt++;
            if (diskFails) {
                throw new IOException("the disk is gone");
            }
            return freeBytes;
        });
    }

    @AfterEach
    void close() {
        alarms.close();
    }

    @Test
    void everyLoopIsToldOfEveryChange() {
        freeBytes = 499;
        alarms.lookAtDisk();
        assertThat(alarms.inEffect()).containsExactly(Alarm.DISK);
        assertThat(alarms.diskFree()).isEqualTo(499);
        assertThat(isOn(0)).isFalse();
        loops.runAll();
        assertThat(isOn(0)).isTrue();
        assertThat(isOn(1)).isTrue();
        freeBytes = 500;
        alarms.lookAtDisk();
        loops.runAll();
        assertThat(alarms.inEffect()).isEmpty();
        assertThat(isOn(0)).isFalse();
        assertThat(isOn(1)).isFalse();
    }

    @Test
    void looksMoreOftenAtADiskThatMayReachTheLimitBefore() {
        Alarms slow = alarms(new AlarmConfig(MemoryWatermark.NONE, 100 * MB, Path.of(""), 1_000));
        freeBytes = 100_000 * MB;
        slow.lookAtDisk();
        assertThat(slow.diskCheckMillis()).as("plenty").isEqualTo(1_000);
        freeBytes = 200 * MB;
        slow.lookAtDisk();
        assertThat(slow.diskCheckMillis()).as("100 MB at 250 MB/s").isBetween(400L, 420L);
        freeBytes = 100 * MB;
        slow.lookAtDisk();
        assertThat(slow.diskCheckMillis()).as("not all the time").isEqualTo(50);
        freeBytes = 99 * MB;
        slow.lookAtDisk();
        assertThat(slow.diskCheckMillis()).as("the alarm is on").isEqualTo(1_000);
        diskFails = true;
        slow.lookAtDisk();
        assertThat(slow.diskCheckMillis()).as("nobody knows").isEqualTo(1_000);
        slow.close();
    }

    @Test
    void noticesADiskThatFillsLongBeforeTheNextRegularLook() {
        freeBytes = 101 * MB;
        try (Alarms slow = alarms(new AlarmConfig(MemoryWatermark.NONE, 100 * MB, Path.of(""), 3_600_000))) {
            slow.start();
            await().until(() -> disksLookedAt > 0);
            freeBytes = 99 * MB;
            await().until(() -> slow.inEffect().contains(Alarm.DISK));
        }
    }

    @Test
    void memoryIsWhatMessagesOfAllLoopsTake() {
        memory.heapUsed = 900 * MB;
        loops.get(0).run(() -> messages.of(loops.get(0)).add(400 * MB));
        loops.get(1).run(() -> messages.underWay(loops.get(1)).add(300 * MB));
        alarms.lookAtMemory();
        assertThat(alarms.inEffect()).containsExactly(Alarm.MEMORY);
        assertThat(alarms.memoryUsed()).isEqualTo(704 * MB);
        assertThat(alarms.memoryLimit()).isEqualTo(900 * MB);
        loops.get(1).run(() -> messages.underWay(loops.get(1)).add(-300 * MB));
        alarms.lookAtMemory();
        assertThat(alarms.inEffect()).isEmpty();
    }

    @Test
    void releasesTheBlockedOfALoopOnceWhenNoAlarmIsLeft() {
        freeBytes = 0;
        alarms.lookAtDisk();
        loops.runAll();
        on(0).block(() -> released.add("one"));
        on(1).block(() -> released.add("two"));
        BlockedPublisher gone = () -> released.add("gone");
        on(0).block(gone);
        on(0).forget(gone);
        assertThat(on(0).reason()).isEqualTo("low on disk");
        setMemory(MemoryWatermark.part(0));
        assertThat(on(0).reason()).isEqualTo("low on disk & memory");
        freeBytes = 1_000;
        alarms.lookAtDisk();
        loops.runAll();
        assertThat(released).isEmpty();
        assertThat(on(0).reason()).isEqualTo("low on memory");
        setMemory(MemoryWatermark.part(0.6));
        assertThat(released).containsExactlyInAnyOrder("one", "two");
        setMemory(MemoryWatermark.part(0));
        setMemory(MemoryWatermark.part(0.6));
        assertThat(released).hasSize(2);
    }

    @Test
    void anAlarmThatCameAndWentReleasesWhomItNeverBlocked() {
        freeBytes = 0;
        alarms.lookAtDisk();
        freeBytes = 1_000;
        alarms.lookAtDisk();
        loops.runAll();
        assertThat(isOn(0)).isFalse();
    }

    @Test
    void theDiskAlarmStaysAsItIsWhileTheDiskDoesNotAnswer() {
        freeBytes = 0;
        alarms.lookAtDisk();
        diskFails = true;
        alarms.lookAtDisk();
        alarms.lookAtDisk();
        assertThat(alarms.inEffect()).containsExactly(Alarm.DISK);
        assertThat(alarms.diskFree()).isEqualTo(-1);
        loops.await(alarms.setDiskFreeLimit(0));
        assertThat(alarms.inEffect()).isEmpty();
    }

    @Test
    void looksFromTimeToTimeOnceStarted() {
        freeBytes = 0;
        alarms.start();
        await().until(() -> alarms.inEffect().contains(Alarm.DISK));
        int before = disksLookedAt;
        await().until(() -> disksLookedAt > before + 2);
        freeBytes = 1_000;
        await().until(() -> alarms.inEffect().isEmpty());
    }

    @Test
    void withoutLimitsNothingIsLookedAt() {
        try (Alarms off = alarms("idle", AlarmConfig.OFF)) {
            off.start();
            off.on(loops.get(0)).onRead(Integer.MAX_VALUE);
            assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .doesNotContain("broker-idle-memory", "broker-idle-disk");
            assertThat(off.memoryLimit()).isEqualTo(Long.MAX_VALUE);
        }
    }

    @Test
    void whatClientsSendHasTheMemoryLookedAtInBetween() {
        try (Alarms patient = alarms(new AlarmConfig(MemoryWatermark.part(0.6), 0, Path.of(""), 600_000))) {
            patient.start();
            await().until(() -> patient.memoryUsed() > 0);
            memory.heapUsed = 900 * MB;
            messages.of(loops.get(0)).add(700 * MB);
            patient.on(loops.get(0)).onRead((int) (9 * MB));
            await().until(() -> patient.inEffect().contains(Alarm.MEMORY));
        }
    }

    @Test
    void refusesNegativeLimits() {
        assertThatIllegalArgumentException().isThrownBy(() -> alarms.setDiskFreeLimit(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> MemoryWatermark.part(-0.1));
        assertThatIllegalArgumentException().isThrownBy(() -> MemoryWatermark.part(Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> MemoryWatermark.bytes(-2));
    }

    @Test
    void aChangeAfterTheEndFails() {
        alarms.close();
        assertThat(alarms.setMemoryWatermark(MemoryWatermark.NONE)).isCompletedExceptionally();
    }

    private void setMemory(MemoryWatermark watermark) {
        CompletableFuture<Void> done = alarms.setMemoryWatermark(watermark);
        loops.await(done);
    }

    private LoopAlarms on(int loop) {
        return alarms.on(loops.get(loop));
    }

    private boolean isOn(int loop) {
        return on(loop).isAnyOn();
    }
}
