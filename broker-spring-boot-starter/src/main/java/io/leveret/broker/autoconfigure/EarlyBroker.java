package io.leveret.broker.autoconfigure;

import io.leveret.broker.Broker;
import io.leveret.broker.amqp.AmqpServer;
import io.leveret.broker.amqp.NettyEventLoops;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ApplicationListener;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.Environment;

/**
 * Starts the broker as soon as the settings are read, so that clients need not wait for the context; the context then
 * gets the running broker in place of the beans of {@link BrokerAutoConfiguration}, and closes it after all other beans.
 * For a program that is a broker and nothing else: beans of the program cannot replace any part of it, nor add exchange types,
 * which such a program finds as services alone. A program adds one
 * instance to its {@code SpringApplication}, as a listener and as an initializer.
 */
public final class EarlyBroker
        implements ApplicationListener<ApplicationEnvironmentPreparedEvent>,
                ApplicationContextInitializer<GenericApplicationContext> {
    private @Nullable Parts parts;

    private record Parts(BrokerStorage storage, NettyEventLoops loops, Broker broker, AmqpServer server) {}

    /** Does ahead what a persistent broker needs; to be called before there are settings, while another processor is idle. */
    public void warmUp() {
        BrokerStorage.warmUp();
    }

    /** Starts the broker unless {@code broker.enabled} is false. */
    @Override
    public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
        Environment environment = event.getEnvironment();
        BrokerProperties properties = Binder.get(environment).bindOrCreate("broker", BrokerProperties.class);
        if (properties.enabled()) {
            start(properties, environment);
        } else {
            BrokerStorage.coolDown();
        }
    }

    private void start(BrokerProperties properties, Environment environment) {
        Deque<Runnable> started = new ArrayDeque<>();
        try {
            BrokerStorage storage = BrokerStorage.open(properties, BrokerDataSources.NONE);
            started.push(storage::close);
            NettyEventLoops loops = new BrokerAutoConfiguration().brokerEventLoops(properties);
            started.push(loops::close);
            Broker broker = BrokerAutoConfiguration.start(properties, loops, storage, environment, List.of());
            started.push(broker::close);
            AmqpServer server = BrokerAutoConfiguration.listen(broker, loops, properties.toAmqpServerConfig());
            parts = new Parts(storage, loops, broker, server);
        } finally {
            if (parts == null) {
                started.forEach(Runnable::run);
            }
        }
    }

    /** Makes the running broker beans of the context. */
    @Override
    public void initialize(GenericApplicationContext context) {
        Parts started = parts;
        if (started == null) {
            return;
        }
        DefaultListableBeanFactory beans = context.getDefaultListableBeanFactory();
        // destroyed last, in the reverse of this order
        register(beans, "brokerStorage", started.storage(), started.storage()::close);
        register(beans, "brokerEventLoops", started.loops(), started.loops()::close);
        register(beans, "broker", started.broker(), started.broker()::close);
        register(beans, "amqpServer", started.server(), started.server()::close);
        LocalBrokerPort.publish(context, started.server().port());
    }

    private static void register(DefaultListableBeanFactory beans, String name, Object bean, DisposableBean close) {
        beans.registerSingleton(name, bean);
        beans.registerDisposableBean(name, close);
    }
}
