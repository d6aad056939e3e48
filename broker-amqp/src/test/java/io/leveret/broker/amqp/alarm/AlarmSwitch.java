package io.leveret.broker.amqp.alarm;

import io.leveret.broker.Broker;
import io.leveret.broker.limit.MemoryWatermark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** Turns the alarms of the broker under test on and off, by way of the limits an operator can set. */
public abstract sealed class AlarmSwitch {
    private static final String CTL_PROPERTY = "broker.test.ctl";

    private boolean memoryOn;
    private boolean diskOn;

    private AlarmSwitch() {}

    /**
     * The switch of a broker.
     *
     * @param embedded null for the one that the system property {@value #CTL_PROPERTY} has the tool of; without that the
     *     test is skipped
     */
    public static AlarmSwitch of(@Nullable Broker embedded) {
        if (embedded != null) {
            return new Embedded(embedded);
        }
        String command = System.getProperty(CTL_PROPERTY, "");
        Assumptions.assumeFalse(command.isEmpty(), "alarms cannot be set off: no " + CTL_PROPERTY);
        return new CommandLine(List.of(command.split(" ")));
    }

    /** Returns when the broker goes by it. */
    public void memory(boolean on) {
        memoryOn = on;
        setMemory(on);
    }

    /** Returns when the broker goes by it. */
    public void disk(boolean on) {
        diskOn = on;
        setDisk(on);
    }

    public void allOff() {
        if (memoryOn) {
            memory(false);
        }
        if (diskOn) {
            disk(false);
        }
    }

    abstract void setMemory(boolean on);

    abstract void setDisk(boolean on);

    private static final class Embedded extends AlarmSwitch {
        private final Broker broker;

        Embedded(Broker broker) {
            this.broker = broker;
        }

        @Override
        void setMemory(boolean on) {
            broker.alarms()
                    .setMemoryWatermark(on ? MemoryWatermark.part(0.000_000_1) : MemoryWatermark.NONE)
                    .join();
        }

        @Override
        void setDisk(boolean on) {
            broker.alarms().setDiskFreeLimit(on ? Long.MAX_VALUE : 0).join();
        }
    }

    private static final class CommandLine extends AlarmSwitch {
        private final List<String> command;

        CommandLine(List<String> command) {
            this.command = command;
        }

        @Override
        void setMemory(boolean on) {
            run("set_vm_memory_high_watermark", on ? "0.0000001" : "0.9");
        }

        @Override
        void setDisk(boolean on) {
            run("set_disk_free_limit", on ? "1000000GB" : "1MB");
        }

        private void run(String... arguments) {
            List<String> line = new ArrayList<>(command);
            line.addAll(List.of(arguments));
            try {
                Process process =
                        new ProcessBuilder(line).redirectErrorStream(true).start();
                String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                if (process.waitFor() != 0) {
                    throw new IOException(arguments[0] + " failed: " + output);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(arguments[0] + " was interrupted", e);
            }
        }
    }
}
