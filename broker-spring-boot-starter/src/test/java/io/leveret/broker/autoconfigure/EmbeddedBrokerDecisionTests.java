package io.leveret.broker.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.Broker;
import io.leveret.broker.amqp.AmqpServer;
import io.leveret.broker.autoconfigure.rabbit.RabbitBrokerConnectionAutoConfiguration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration;
import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.condition.ConditionEvaluationReport;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** When there is a broker in the application, which reason comes first, and what is said about it. */
@ExtendWith(OutputCaptureExtension.class)
class EmbeddedBrokerDecisionTests {
    private static final String NONE = "no embedded broker is started: ";

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    RabbitAutoConfiguration.class,
                    RabbitBrokerConnectionAutoConfiguration.class,
                    BrokerBackOffAutoConfiguration.class,
                    BrokerAutoConfiguration.class));

    @Test
    void firstComesTheSwitch(CapturedOutput output) {
        runner.withUserConfiguration(DetailsConfiguration.class)
                .withPropertyValues("broker.enabled=false", "spring.rabbitmq.port=5673")
                .run(context -> {
                    assertThat(context).doesNotHaveBean(AmqpServer.class);
                    assertThat(report(context)).contains("broker.enabled");
                    assertThat(output)
                            .as("the application asked for that itself")
                            .doesNotContain(NONE);
                });
    }

    @Test
    void thenConnectionDetailsThatAreThere(CapturedOutput output) {
        runner.withUserConfiguration(DetailsConfiguration.class)
                .withPropertyValues("broker.enabled=true", "spring.rabbitmq.port=5673")
                .run(context -> {
                    assertThat(context).doesNotHaveBean(AmqpServer.class);
                    assertThat(report(context)).contains("RabbitConnectionDetails", "ownDetails");
                    assertThat(output)
                            .containsOnlyOnce(NONE + "@ConditionalOnMissingBean")
                            .contains("RabbitConnectionDetails' ownDetails");
                    assertThat(context.getBean(CachingConnectionFactory.class).getHost())
                            .isEqualTo("rabbit.example");
                });
    }

    @Test
    void thenAnotherBrokerInTheSettings(CapturedOutput output) {
        for (String key : List.of("addresses", "host", "port")) {
            runner.withPropertyValues("spring.rabbitmq." + key + "=5673").run(context -> {
                assertThat(context).doesNotHaveBean(AmqpServer.class);
                assertThat(report(context)).contains("spring.rabbitmq." + key + " names another broker");
                assertThat(output)
                        .containsOnlyOnce(NONE + "Embedded broker spring.rabbitmq." + key + " names another broker");
            });
        }
    }

    @Test
    void thatDoesNotCountIfTheSwitchIsOn(CapturedOutput output) {
        runner.withPropertyValues("broker.enabled=true", "spring.rabbitmq.port=5673")
                .run(context -> {
                    assertThat(context).hasSingleBean(AmqpServer.class);
                    assertThat(report(context)).contains("broker.enabled is true");
                    assertThat(output).doesNotContain(NONE).contains("is up: AMQP on 127.0.0.1:");
                });
    }

    @Test
    void andThereIsABrokerInAllOtherCases(CapturedOutput output) {
        runner.run(context -> {
            assertThat(context).hasSingleBean(AmqpServer.class);
            assertThat(report(context)).contains("no spring.rabbitmq.* property names another broker");
            assertThat(output).doesNotContain(NONE).containsOnlyOnce("is up: AMQP on 127.0.0.1:");
        });
    }

    @Test
    void aChildHasTheBrokerOfItsParent(CapturedOutput output) {
        runner.run(parent -> runner.withParent(parent).run(child -> {
            assertThat(child.getBeanFactory().getBeanDefinitionNames()).doesNotContain("broker", "brokerBackOffLog");
            assertThat(child.getBean(Broker.class)).isSameAs(parent.getBean(Broker.class));
            assertThat(output).containsOnlyOnce("is up: AMQP on 127.0.0.1:");
        }));
    }

    @Test
    void aParentOutlivesTheBrokersOfItsChildren(CapturedOutput output) {
        new ApplicationContextRunner().run(parent -> {
            runner.withParent(parent)
                    .run(one -> runner.withParent(parent).run(two -> {
                        assertThat(one.getBean(AmqpServer.class).port())
                                .isNotEqualTo(two.getBean(AmqpServer.class).port());
                        assertThat(one.getEnvironment().getProperty("local.broker.port", Integer.class))
                                .isEqualTo(one.getBean(AmqpServer.class).port());
                    }));
            assertThat(parent.getSourceApplicationContext().isActive()).isTrue();
        });
    }

    @Test
    void aLazyApplicationHasItsBrokerAtOnceAndReachesIt() {
        runner.withInitializer(context ->
                        context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
                .run(context -> {
                    assertThat(context.getBeanFactory().containsSingleton("rabbitTemplate"))
                            .isFalse();
                    assertThat(context.getBeanFactory().containsSingleton("amqpServer"))
                            .isTrue();
                    Boolean open = context.getBean(RabbitTemplate.class).execute(channel -> channel.isOpen());
                    assertThat(open).isTrue();
                });
    }

    private static String report(ApplicationContext context) {
        return ConditionEvaluationReport.get(((ConfigurableApplicationContext) context).getBeanFactory())
                .getConditionAndOutcomesBySource()
                .get(BrokerAutoConfiguration.class.getName())
                .stream()
                .map(each -> each.getOutcome().getMessage())
                .collect(Collectors.joining("\n"));
    }

    @Configuration(proxyBeanMethods = false)
    static class DetailsConfiguration {
        @Bean
        RabbitConnectionDetails ownDetails() {
            return () -> List.of(new RabbitConnectionDetails.Address("rabbit.example", 5672));
        }
    }
}
