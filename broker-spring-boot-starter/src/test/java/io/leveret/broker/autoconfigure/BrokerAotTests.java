package io.leveret.broker.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.autoconfigure.rabbit.RabbitBrokerConnectionAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.GeneratedFiles.Kind;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.javapoet.ClassName;

/** What the build of a native image does with an application that has a broker. */
class BrokerAotTests {

    @Test
    void preparesTheContextWithoutStartingABroker() {
        InMemoryGeneratedFiles files = new InMemoryGeneratedFiles();
        DefaultGenerationContext generation =
                new DefaultGenerationContext(new ClassNameGenerator(ClassName.get(Application.class)), files);
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        try (context) {
            TestPropertyValues.of("broker.definitions=classpath:definitions/queue.json", "broker.name=aot")
                    .applyTo(context);
            context.register(Application.class);
            new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
            generation.writeGeneratedContent();

            assertThat(context.getBeanFactory().getSingletonNames())
                    .doesNotContain("broker", "amqpServer", "brokerEventLoops", "brokerStorage");
            assertThat(context.getEnvironment().containsProperty("local.broker.port"))
                    .isFalse();
            assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .noneMatch(name -> name.contains("broker-aot"));
        }
        assertThat(files.getGeneratedFiles(Kind.SOURCE).keySet())
                .anyMatch(name -> name.endsWith("BrokerAutoConfiguration__BeanDefinitions.java"))
                .anyMatch(name -> name.endsWith("RabbitBrokerConnectionAutoConfiguration__BeanDefinitions.java"));
        assertThat(RuntimeHintsPredicates.reflection().onType(BrokerProperties.class))
                .accepts(generation.getRuntimeHints());
        assertThat(RuntimeHintsPredicates.resource().forResource("definitions/queue.json"))
                .accepts(generation.getRuntimeHints());
        assertThat(RuntimeHintsPredicates.resource().forResource("definitions/other.json"))
                .rejects(generation.getRuntimeHints());
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        BrokerAutoConfiguration.class,
        BrokerBackOffAutoConfiguration.class,
        RabbitBrokerConnectionAutoConfiguration.class,
        RabbitAutoConfiguration.class
    })
    static class Application {}
}
