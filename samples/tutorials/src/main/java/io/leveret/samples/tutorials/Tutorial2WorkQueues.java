package io.leveret.samples.tutorials;

import java.util.List;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.boot.ApplicationRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/**
 * Two workers share the tasks of one queue. A task is acknowledged when its listener returns; if the worker dies before, another
 * one gets it. The queue is durable and the messages are persistent, which is Spring's default. With a prefetch of 1
 * (application.yml) a worker that is busy gets nothing more, so the other one does the rest.
 */
@Configuration(proxyBeanMethods = false)
@Profile("work-queues")
class Tutorial2WorkQueues {
    private static final int MILLIS_PER_DOT = 100;

    @Bean
    Queue tasks() {
        return new Queue("tutorial.tasks");
    }

    @Bean
    ApplicationRunner send(RabbitTemplate template) {
        List<String> tasks = List.of("long ...............", "short 1", "short 2", "short 3", "short 4", "short 5");
        return arguments -> tasks.forEach(task -> template.convertAndSend("tutorial.tasks", task));
    }

    @RabbitListener(queues = "tutorial.tasks")
    void first(String task) throws InterruptedException {
        work("first worker", task);
    }

    @RabbitListener(queues = "tutorial.tasks")
    void second(String task) throws InterruptedException {
        work("second worker", task);
    }

    /** Each dot of a task stands for work. */
    private static void work(String worker, String task) throws InterruptedException {
        long dots = task.chars().filter(character -> character == '.').count();
        Thread.sleep(dots * MILLIS_PER_DOT);
        System.out.println(worker + ": done '" + task + "'");
    }
}
