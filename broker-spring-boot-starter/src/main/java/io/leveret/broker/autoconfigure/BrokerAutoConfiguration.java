package io.leveret.broker.autoconfigure;

import io.leveret.broker.Broker;
import io.leveret.broker.BrokerConfig;
import io.leveret.broker.amqp.AmqpServer;
import io.leveret.broker.amqp.AmqpServerConfig;
import io.leveret.broker.amqp.ListenException;
import io.leveret.broker.amqp.NettyEventLoops;
import io.leveret.broker.amqp.TlsConfig;
import io.leveret.broker.definition.DefinitionStore;
import io.leveret.broker.exchange.ExchangeType;
import io.leveret.broker.loop.BrokerClock;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.util.List;
import java.util.Locale;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Starts a broker with the context and stops it after everything that depends on it. A client can connect as soon as the
 * {@link AmqpServer} bean is there, which is long before any life-cycle phase: Boot copies the port into the connection
 * factory when it builds it. So none of these beans is a {@code Lifecycle}, and a paused context keeps its broker.
 */
@AutoConfiguration(
        beforeName = {
            "org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration",
            "org.springframework.boot.rabbitmq.autoconfigure.RabbitAutoConfiguration"
        })
@ConditionalOnEmbeddedBroker
@EnableConfigurationProperties(BrokerProperties.class)
public final class BrokerAutoConfiguration {

    @Bean
    static LazyInitializationExcludeFilter brokerLazyInitializationExcludeFilter() {
        return LazyInitializationExcludeFilter.forBeanTypes(AmqpServer.class, BrokerLog.class);
    }

    @Bean
    @ConditionalOnMissingBean
    NettyEventLoops brokerEventLoops(BrokerProperties properties, ObjectProvider<BrokerClock> clock) {
        return startLoops(properties, clock.getIfAvailable());
    }

    static NettyEventLoops startLoops(BrokerProperties properties, @Nullable BrokerClock clock) {
        return NettyEventLoops.start(properties.name(), properties.ioThreadCount(), clock);
    }

    /** Neither a pool nor anything of JPA is a bean: what the application has of these stays the only one. */
    @Bean
    @ConditionalOnMissingBean
    BrokerStorage brokerStorage(
            BrokerProperties properties,
            ObjectProvider<DefinitionStore> definitions,
            @BrokerDataSource ObjectProvider<DataSource> ofBroker,
            ObjectProvider<DataSource> ofApplication) {
        DefinitionStore own = definitions.getIfAvailable();
        return own != null
                ? BrokerStorage.inMemory(own)
                : BrokerStorage.open(
                        properties, new BrokerDataSources(ofBroker::getIfAvailable, ofApplication::getIfUnique));
    }

    @Bean
    @ConditionalOnMissingBean
    Broker broker(
            BrokerProperties properties,
            NettyEventLoops loops,
            BrokerStorage storage,
            Environment environment,
            ObjectProvider<ExchangeType> exchangeTypes,
            ObjectProvider<BrokerCustomizer> customizers) {
        return start(
                properties,
                loops,
                storage,
                environment,
                exchangeTypes.orderedStream().toList(),
                customizers.orderedStream().toList());
    }

    static Broker start(
            BrokerProperties properties,
            NettyEventLoops loops,
            BrokerStorage storage,
            Environment environment,
            List<ExchangeType> exchangeTypes,
            List<BrokerCustomizer> customizers) {
        BrokerConfig.Builder config = properties.toBrokerConfigBuilder(storage.directory());
        customizers.forEach(customizer -> customizer.customize(config));
        return Broker.start(
                config.build(),
                loops,
                storage.definitions(),
                storage.messages(),
                BrokerDefinitions.read(properties, environment),
                exchangeTypes);
    }

    @Bean
    @ConditionalOnMissingBean
    AmqpServer amqpServer(
            BrokerProperties properties,
            Broker broker,
            NettyEventLoops loops,
            ObjectProvider<BrokerCustomizer> customizers,
            ObjectProvider<SslBundles> sslBundles,
            ApplicationContext context) {
        TlsConfig tls = BrokerTls.config(
                properties.ssl(), name -> BrokerSslBundles.get(BrokerTls.BUNDLE, name, sslBundles.getIfAvailable()));
        AmqpServer server = listen(
                broker, loops, properties, tls, customizers.orderedStream().toList());
        LocalBrokerPort.publish(context, server);
        return server;
    }

    @Bean
    BrokerLog brokerLog(Broker broker, AmqpServer server, BrokerStorage storage, ApplicationContext context) {
        return new BrokerLog(broker, server, storage, context);
    }

    static AmqpServer listen(
            Broker broker,
            NettyEventLoops loops,
            BrokerProperties properties,
            @Nullable TlsConfig tls,
            List<BrokerCustomizer> customizers) {
        AmqpServerConfig config = properties.toAmqpServerConfig();
        for (BrokerCustomizer customizer : customizers) {
            config = customizer.customizeListener(config);
        }
        return listen(broker, loops, config, tls);
    }

    private static AmqpServer listen(
            Broker broker, NettyEventLoops loops, AmqpServerConfig config, @Nullable TlsConfig tls) {
        try {
            return AmqpServer.start(broker, loops, config, tls);
        } catch (ListenException e) {
            throw explained(e, config.address().getHostAddress());
        }
    }

    private static RuntimeException explained(ListenException e, String address) {
        String property = e.isTls() ? "broker.ssl.port" : "broker.port";
        String reason = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        if (reason.contains("in use")) {
            return new BrokerPortInUseException(property, address, e.port(), e);
        }
        if (reason.contains("permission denied")) {
            return new InvalidBrokerPropertyException(
                    property, String.valueOf(e.port()), "a port that this user may open (1024 or above)", e);
        }
        if (e.getCause() instanceof BindException) {
            return new InvalidBrokerPropertyException(
                    "broker.address", address, "an address of this machine, or 0.0.0.0 for all of them", e);
        }
        return new UncheckedIOException("cannot listen on " + address + ":" + e.port(), e);
    }
}
