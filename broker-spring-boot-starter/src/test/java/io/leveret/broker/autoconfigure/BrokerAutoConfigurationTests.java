package io.leveret.broker.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import io.leveret.broker.Broker;
import io.leveret.broker.BrokerConfig;
import io.leveret.broker.amqp.AmqpServer;
import io.leveret.broker.amqp.NettyEventLoops;
import io.leveret.broker.autoconfigure.rabbit.RabbitBrokerConnectionAutoConfiguration;
import io.leveret.broker.definition.DefinitionStore;
import io.leveret.broker.definition.InMemoryDefinitionStore;
import io.leveret.broker.exchange.Binding;
import io.leveret.broker.exchange.BindingTable;
import io.leveret.broker.exchange.DestinationSink;
import io.leveret.broker.exchange.ExchangeContext;
import io.leveret.broker.exchange.ExchangeType;
import io.leveret.broker.exchange.ExchangeTypes;
import io.leveret.broker.exchange.RoutingKeyTable;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration;
import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.condition.ConditionEvaluationReport;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class BrokerAutoConfigurationTests {
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    RabbitAutoConfiguration.class,
                    RabbitBrokerConnectionAutoConfiguration.class,
                    BrokerAutoConfiguration.class));

    @Test
    void startsABrokerWhenNothingIsSaid() {
        runner.run(context -> assertThat(context)
                .hasSingleBean(Broker.class)
                .hasSingleBean(AmqpServer.class)
                .hasSingleBean(RabbitConnectionDetails.class));
    }

    @Test
    void addsExchangeTypesThatAreBeans() {
        runner.withUserConfiguration(ExchangeTypeConfiguration.class).run(context -> {
            Channel channel =
                    context.getBean(ConnectionFactory.class).createConnection().createChannel(false);
            channel.exchangeDeclare("backwards", "x-backwards");
            String queue = channel.queueDeclare().getQueue();
            channel.queueBind(queue, "backwards", "abc");
            channel.basicPublish("backwards", "abc", null, new byte[0]);
            channel.basicPublish("backwards", "cba", null, new byte[1]);

            assertThat(channel.basicGet(queue, true).getBody()).hasSize(1);
            assertThat(channel.basicGet(queue, true)).isNull();
        });
    }

    @Test
    void failsWhenAnExchangeTypeIsThereAlready() {
        runner.withBean("mine", ExchangeType.class, () -> ExchangeTypes.TOPIC)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessage("two exchange types are called 'topic'"));
    }

    @Test
    void startsNothingWhenDisabled() {
        runner.withPropertyValues("broker.enabled=false")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(Broker.class)
                        .doesNotHaveBean(AmqpServer.class)
                        .doesNotHaveBean(BrokerProperties.class)
                        .doesNotHaveBean(NettyEventLoops.class));
    }

    @Test
    void backsOffFromConnectionDetailsOfTheUser() {
        runner.withUserConfiguration(DetailsConfiguration.class)
                .withPropertyValues("broker.enabled=true")
                .run(context -> {
                    assertThat(context).doesNotHaveBean(Broker.class);
                    assertThat(context.getBean(RabbitConnectionDetails.class)
                                    .getAddresses()
                                    .get(0)
                                    .host())
                            .isEqualTo("rabbit.example");
                });
    }

    @Test
    void backsOffFromAnotherBrokerInTheProperties() {
        for (String property : List.of(
                "spring.rabbitmq.host=rabbit.example",
                "spring.rabbitmq.port=5673",
                "spring.rabbitmq.addresses=rabbit.example:5673",
                "spring.rabbitmq.addresses[0]=rabbit.example:5673")) {
            runner.withPropertyValues(property)
                    .run(context -> assertThat(context).as(property).doesNotHaveBean(Broker.class));
        }
    }

    @Test
    void saysInTheConditionReportWhyItBackedOff() {
        runner.withPropertyValues("spring.rabbitmq.host=rabbit.example").run(context -> {
            ConditionEvaluationReport report = ConditionEvaluationReport.get(context.getBeanFactory());
            assertThat(report.getConditionAndOutcomesBySource().get(BrokerAutoConfiguration.class.getName()))
                    .anySatisfy(outcome -> assertThat(outcome.getOutcome().getMessage())
                            .contains("spring.rabbitmq.host names another broker; set broker.enabled=true"));
        });
    }

    @Test
    void startsBesideAnotherBrokerWhenToldTo() {
        runner.withPropertyValues("spring.rabbitmq.host=rabbit.example", "broker.enabled=true")
                .run(context -> {
                    assertThat(context).hasSingleBean(Broker.class);
                    CachingConnectionFactory factory = context.getBean(CachingConnectionFactory.class);
                    assertThat(factory.getRabbitConnectionFactory().getHost()).isEqualTo("127.0.0.1");
                });
    }

    @Test
    void startsEvenWhenTheUserHasAConnectionFactory() {
        runner.withUserConfiguration(FactoryConfiguration.class)
                .run(context -> assertThat(context).hasSingleBean(Broker.class));
    }

    @Test
    void makesConnectionFactoriesOfTheUserDependOnTheBroker() {
        runner.withUserConfiguration(FactoryConfiguration.class, ClientFactoryConfiguration.class)
                .run(context -> {
                    assertThat(context.getBeanFactory()
                                    .getBeanDefinition("ownFactory")
                                    .getDependsOn())
                            .contains("amqpServer");
                    assertThat(context.getBeanFactory()
                                    .getBeanDefinition("clientFactory")
                                    .getDependsOn())
                            .contains("amqpServer");
                });
    }

    @Test
    void startsWithoutSpringAmqp() {
        runner.withClassLoader(new FilteredClassLoader("org.springframework.amqp", "com.rabbitmq"))
                .run(context ->
                        assertThat(context).hasSingleBean(AmqpServer.class).doesNotHaveBean("rabbitConnectionDetails"));
    }

    @Test
    void tellsTheClientTheFirstUserAndTheDefaultVirtualHost() {
        runner.withPropertyValues("broker.username=app", "broker.password=secret", "broker.virtual-hosts=orders,/")
                .run(context -> {
                    RabbitConnectionDetails details = context.getBean(RabbitConnectionDetails.class);
                    assertThat(details.getUsername()).isEqualTo("app");
                    assertThat(details.getPassword()).isEqualTo("secret");
                    assertThat(details.getVirtualHost()).isEqualTo("orders");
                    assertThat(details.getAddresses())
                            .containsExactly(new RabbitConnectionDetails.Address(
                                    "127.0.0.1",
                                    context.getBean(AmqpServer.class).port()));
                });
    }

    @Test
    void publishesThePortToTheContextAndItsParent() {
        new ApplicationContextRunner()
                .run(parent -> runner.withParent(parent).run(context -> {
                    String port =
                            String.valueOf(context.getBean(AmqpServer.class).port());
                    assertThat(context.getEnvironment().getProperty("local.broker.port"))
                            .isEqualTo(port);
                    assertThat(parent.getEnvironment().getProperty("local.broker.port"))
                            .isEqualTo(port);
                }));
    }

    @Test
    void startsEagerlyInALazyContext() {
        runner.withInitializer(context ->
                        context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
                .run(context -> assertThat(context.getBeanFactory().containsSingleton("amqpServer"))
                        .isTrue());
    }

    @Test
    void keepsTheDefinitionStoreOfTheUser() {
        runner.withUserConfiguration(StoreConfiguration.class).run(context -> {
            assertThat(context).hasSingleBean(DefinitionStore.class);
            assertThat(context).hasBean("ownStore");
        });
    }

    @Test
    void createsUsersAndVirtualHostsOfTheProperties() {
        runner.withPropertyValues(
                        "broker.name=rabbit@test",
                        "broker.virtual-hosts=/,orders",
                        "broker.users[0].name=ann",
                        "broker.users[0].password=secret",
                        "broker.users[0].tags=monitoring",
                        "broker.limits.max-message-size=1MB",
                        "broker.limits.max-consumers-per-channel=7",
                        "broker.permit.global-qos=false")
                .run(context -> {
                    BrokerConfig config = context.getBean(Broker.class).config();
                    assertThat(config.name()).isEqualTo("rabbit@test");
                    assertThat(config.virtualHosts()).containsExactly("/", "orders");
                    assertThat(config.users())
                            .extracting(BrokerConfig.FirstUser::name)
                            .containsExactly("guest", "ann");
                    assertThat(config.users().get(1).tags()).containsExactly("monitoring");
                    assertThat(config.maxMessageSize()).isEqualTo(1_048_576);
                    assertThat(config.maxConsumersPerChannel()).isEqualTo(7);
                    assertThat(config.permitGlobalQos()).isFalse();
                    assertThat(config.permitTransientNonexclusiveQueues()).isTrue();
                });
    }

    @Test
    void givesEachContextABrokerOfItsOwnName() {
        runner.run(one ->
                runner.run(two -> assertThat(one.getBean(Broker.class).config().name())
                        .startsWith("embedded-")
                        .isNotEqualTo(two.getBean(Broker.class).config().name())));
    }

    @Configuration(proxyBeanMethods = false)
    static class DetailsConfiguration {
        @Bean
        RabbitConnectionDetails ownDetails() {
            return () -> List.of(new RabbitConnectionDetails.Address("rabbit.example", 5672));
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class FactoryConfiguration {
        @Bean
        ConnectionFactory ownFactory() {
            return new CachingConnectionFactory("rabbit.example");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class ClientFactoryConfiguration {
        @Bean
        com.rabbitmq.client.ConnectionFactory clientFactory() {
            return new com.rabbitmq.client.ConnectionFactory();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class StoreConfiguration {
        @Bean
        InMemoryDefinitionStore ownStore() {
            return new InMemoryDefinitionStore();
        }
    }

    /** A type as a program would add it: the binding key is the routing key backwards. */
    @Configuration
    static class ExchangeTypeConfiguration {
        @Bean
        ExchangeType backwards() {
            return new ExchangeType() {
                @Override
                public String name() {
                    return "x-backwards";
                }

                @Override
                public BindingTable newTable(ExchangeContext exchange) {
                    return new BackwardsTable();
                }
            };
        }
    }

    private static final class BackwardsTable implements RoutingKeyTable {
        private final Set<Binding> bindings = ConcurrentHashMap.newKeySet();

        @Override
        public void add(Binding binding) {
            bindings.add(binding);
        }

        @Override
        public void remove(Binding binding) {
            bindings.remove(binding);
        }

        @Override
        public void match(String routingKey, DestinationSink sink) {
            String backwards = new StringBuilder(routingKey).reverse().toString();
            for (Binding binding : bindings) {
                if (binding.routingKey().equals(backwards)) {
                    sink.accept(binding.destination());
                }
            }
        }
    }
}
