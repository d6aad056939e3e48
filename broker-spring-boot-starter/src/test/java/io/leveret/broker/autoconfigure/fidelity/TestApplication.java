package io.leveret.broker.autoconfigure.fidelity;

import com.rabbitmq.client.ShutdownSignalException;
import io.leveret.broker.Broker;
import io.leveret.broker.amqp.alarm.AlarmSwitch;
import io.leveret.broker.amqp.behaviour.CommandLineAccounts;
import io.leveret.broker.channel.OpenConnections;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.springframework.amqp.core.Exchange;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.Connection;
import org.springframework.amqp.rabbit.connection.ConnectionListener;
import org.springframework.amqp.rabbit.core.RabbitAdmin;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * A Spring Boot application with the {@link BrokerUnderTest}. If that is another than the starter's, the system property
 * {@value #CTL_PROPERTY} has its command line tool.
 */
public final class TestApplication implements AutoCloseable {
    private static final String CTL_PROPERTY = "broker.test.ctl";

    private final ConfigurableApplicationContext context;
    private final BlockingQueue<ShutdownSignalException> closed = new LinkedBlockingQueue<>();

    private TestApplication(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /**
     * Starts it.
     *
     * @param properties settings such as {@code spring.rabbitmq.listener.type=direct}
     */
    static TestApplication start(ClientMode mode, Class<?> configuration, String... properties) {
        String[] arguments = Stream.of(properties).map(each -> "--" + each).toArray(String[]::new);
        TestApplication application = new TestApplication(new SpringApplicationBuilder(configuration)
                .web(WebApplicationType.NONE)
                .registerShutdownHook(false)
                .initializers(new BrokerUnderTest(), mode)
                .run(arguments));
        application.bean(CachingConnectionFactory.class).addConnectionListener(new ConnectionListener() {
            @Override
            public void onCreate(Connection connection) {
                // only its end is of interest
            }

            @Override
            public void onShutDown(ShutdownSignalException signal) {
                application.closed.add(signal);
            }
        });
        return application;
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    RabbitTemplate template() {
        return bean(RabbitTemplate.class);
    }

    RabbitAdmin admin() {
        return bean(RabbitAdmin.class);
    }

    /** Why connections were closed, in order. */
    BlockingQueue<ShutdownSignalException> closed() {
        return closed;
    }

    /** The broker inside, null if it is another. */
    @Nullable Broker embedded() {
        return context.getBeanProvider(Broker.class).getIfAvailable();
    }

    AlarmSwitch alarms() {
        return AlarmSwitch.of(embedded());
    }

    /** Has the broker close all connections, as its operator may. */
    void closeConnections(String reason) throws IOException {
        Broker embedded = embedded();
        if (embedded == null) {
            String command = System.getProperty(CTL_PROPERTY, "");
            Assumptions.assumeFalse(command.isEmpty(), "connections cannot be closed: no " + CTL_PROPERTY);
            CommandLineAccounts.run(List.of(command.split(" ")), "close_all_connections", reason);
        } else {
            OpenConnections connections = embedded.connections();
            connections.closeAll(connections.all(), reason);
        }
    }

    /** Another broker is left without the queues and exchanges that are beans. */
    @Override
    public void close() {
        if (embedded() == null) {
            RabbitAdmin admin = new RabbitAdmin(bean(CachingConnectionFactory.class));
            context.getBeansOfType(Queue.class).values().forEach(queue -> admin.deleteQueue(queue.getName()));
            context.getBeansOfType(Exchange.class).values().forEach(each -> admin.deleteExchange(each.getName()));
        }
        context.close();
    }
}
