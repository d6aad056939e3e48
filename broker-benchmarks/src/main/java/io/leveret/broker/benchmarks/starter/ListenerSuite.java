package io.leveret.broker.benchmarks.starter;

import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.springframework.amqp.rabbit.core.RabbitAdmin;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Does what a suite of integration tests does: contexts one after another, in each a number of tests that purge a queue, send a
 * message and wait until the listener has it.
 */
@Command(name = "ListenerSuite", mixinStandardHelpOptions = true)
final class ListenerSuite implements Callable<Integer> {
    @Option(
            names = "--uri",
            description = "Another broker, such as amqp://guest:guest@127.0.0.1:5672; by default the starter's")
    private String uri = "";

    @Option(names = "--contexts", description = "Contexts (default ${DEFAULT-VALUE})")
    private int contexts = 20;

    @Option(names = "--tests", description = "Tests in each context (default ${DEFAULT-VALUE})")
    private int tests = 10;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new ListenerSuite()).execute(arguments));
    }

    @Override
    public Integer call() throws InterruptedException {
        String broker = uri.isEmpty() ? "--broker.enabled=true" : "--spring.rabbitmq.addresses=" + uri;
        long began = System.nanoTime();
        long starting = 0;
        long testing = 0;
        long closing = 0;
        for (int i = 0; i < contexts; i++) {
            long start = System.nanoTime();
            ConfigurableApplicationContext context =
                    HostApplication.start(ListenerApplication.class, broker, "--spring.rabbitmq.listener.type=direct");
            long started = System.nanoTime();
            for (int j = 0; j < tests; j++) {
                test(context, "message " + j);
            }
            long tested = System.nanoTime();
            context.close();
            starting += started - start;
            testing += tested - started;
            closing += System.nanoTime() - tested;
        }
        System.out.printf(
                Locale.ROOT,
                "%d tests in %d contexts: %.2f s (contexts start %.2f s, tests %.2f s, contexts close %.2f s)%n",
                contexts * tests,
                contexts,
                (System.nanoTime() - began) / 1e9,
                starting / 1e9,
                testing / 1e9,
                closing / 1e9);
        return CommandLine.ExitCode.OK;
    }

    private static void test(ConfigurableApplicationContext context, String text) throws InterruptedException {
        ListenerApplication application = context.getBean(ListenerApplication.class);
        context.getBean(RabbitAdmin.class).purgeQueue(ListenerApplication.QUEUE);
        application.received.clear();
        context.getBean(RabbitTemplate.class).convertAndSend(ListenerApplication.QUEUE, text);
        String received = Objects.requireNonNull(application.received.poll(10, TimeUnit.SECONDS), "no message");
        if (!received.equals(text)) {
            throw new IllegalStateException("received " + received + ", not " + text);
        }
    }
}
