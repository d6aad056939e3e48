package io.leveret.broker.benchmarks.starter;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * How much longer an application takes to start, and to close, with a broker inside. The same application is started with
 * {@code broker.enabled} true and false in turn; there is nothing in it that would connect to the broker.
 */
@Command(name = "StarterCost", mixinStandardHelpOptions = true)
final class StarterCost implements Callable<Integer> {
    private static final String WITH = "--broker.enabled=true";
    private static final String WITHOUT = "--broker.enabled=false";

    @Option(names = "--jvms", description = "New JVMs for the first start, each way (default ${DEFAULT-VALUE})")
    private int jvms = 7;

    @Option(names = "--rounds", description = "Contexts in this JVM, each way (default ${DEFAULT-VALUE})")
    private int rounds = 40;

    @Option(names = "--warm-ups", description = "Contexts before them (default ${DEFAULT-VALUE})")
    private int warmUps = 20;

    @Option(names = "--first", hidden = true, description = "Start one application with this argument and end")
    private String first = "";

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new StarterCost()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!first.isEmpty()) {
            start(first);
            return CommandLine.ExitCode.OK;
        }
        System.out.println("| milliseconds | samples | least | median | most |");
        System.out.println("|---|--:|--:|--:|--:|");
        firstStarts();
        warmStarts();
        roundTrips();
        hundredContexts();
        return CommandLine.ExitCode.OK;
    }

    private static void start(String argument) {
        long start = System.nanoTime();
        ConfigurableApplicationContext context = HostApplication.start(HostApplication.class, argument);
        System.out.println("started " + (System.nanoTime() - start) / 1e6);
        context.close();
    }

    private void firstStarts() throws IOException, InterruptedException {
        Samples with = new Samples();
        Samples without = new Samples();
        for (int i = 0; i < jvms; i++) {
            without.add(firstStart(WITHOUT));
            with.add(firstStart(WITH));
        }
        compare("first context of a JVM", without, with);
    }

    private static double firstStart(String argument) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), StarterCost.class.getName()));
        command.add("--first=" + argument);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("the application failed: " + output);
        }
        return output.lines()
                .filter(line -> line.startsWith("started "))
                .mapToDouble(line -> Double.parseDouble(line.substring("started ".length())))
                .findFirst()
                .orElseThrow(() -> new IOException("the application said nothing of its start: " + output));
    }

    private void warmStarts() {
        Samples with = new Samples();
        Samples without = new Samples();
        Samples closed = new Samples();
        for (int i = -warmUps; i < rounds; i++) {
            long start = System.nanoTime();
            ConfigurableApplicationContext plain = HostApplication.start(HostApplication.class, WITHOUT);
            if (i >= 0) {
                without.addSince(start);
            }
            plain.close();
            start = System.nanoTime();
            ConfigurableApplicationContext context = HostApplication.start(HostApplication.class, WITH);
            if (i >= 0) {
                with.addSince(start);
            }
            start = System.nanoTime();
            context.close();
            if (i >= 0) {
                closed.addSince(start);
            }
        }
        compare("a further context", without, with);
        System.out.println(closed.row("closing it, with a broker"));
    }

    private static void compare(String what, Samples without, Samples with) {
        System.out.println(without.row(what + ", without a broker"));
        System.out.println(with.row(what + ", with one"));
        System.out.printf(
                Locale.ROOT,
                "| **%s: what the broker adds** | | | **%.1f** | |%n",
                what,
                with.median() - without.median());
    }

    private void roundTrips() throws InterruptedException {
        Samples first = new Samples();
        Samples further = new Samples();
        Samples closed = new Samples();
        for (int i = 0; i < rounds; i++) {
            ConfigurableApplicationContext context =
                    HostApplication.start(ListenerApplication.class, WITH, "--spring.rabbitmq.listener.type=direct");
            long start = System.nanoTime();
            roundTrip(context);
            first.addSince(start);
            start = System.nanoTime();
            roundTrip(context);
            further.addSince(start);
            start = System.nanoTime();
            context.close();
            closed.addSince(start);
        }
        System.out.println(first.row("first message of a context, from the template to its listener"));
        System.out.println(further.row("second message"));
        System.out.println(closed.row("closing a context with a listener and its broker"));
    }

    private static void roundTrip(ConfigurableApplicationContext context) throws InterruptedException {
        context.getBean(RabbitTemplate.class).convertAndSend(ListenerApplication.QUEUE, "message");
        Objects.requireNonNull(
                context.getBean(ListenerApplication.class).received.poll(10, TimeUnit.SECONDS), "no message");
    }

    private static void hundredContexts() throws InterruptedException {
        Samples all = new Samples();
        long start = System.nanoTime();
        for (int i = 0; i < 100; i++) {
            try (ConfigurableApplicationContext context =
                    HostApplication.start(ListenerApplication.class, WITH, "--spring.rabbitmq.listener.type=direct")) {
                roundTrip(context);
            }
        }
        all.addSince(start);
        System.out.println(all.row("100 contexts one after another, each with a listener and a message"));
    }
}
