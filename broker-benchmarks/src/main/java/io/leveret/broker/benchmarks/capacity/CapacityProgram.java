package io.leveret.broker.benchmarks.capacity;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** A program that runs once against a broker and says in its exit status whether the broker did all that was asked. */
@Command(mixinStandardHelpOptions = true, sortOptions = false)
abstract class CapacityProgram implements Callable<Integer> {

    @Mixin
    private final Run run = new Run();

    /**
     * Does the work.
     *
     * @throws IOException when the broker is gone, refuses something or does it wrong
     */
    abstract void run(Run to) throws IOException, InterruptedException;

    @Override
    public final Integer call() throws InterruptedException {
        try (run) {
            run(run);
            return CommandLine.ExitCode.OK;
        } catch (IOException e) {
            System.err.println("failed: " + e.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    static void execute(CapacityProgram program, String[] arguments) {
        System.exit(new CommandLine(program).execute(arguments));
    }
}
