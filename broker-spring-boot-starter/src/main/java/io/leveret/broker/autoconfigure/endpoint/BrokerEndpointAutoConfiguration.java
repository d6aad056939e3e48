package io.leveret.broker.autoconfigure.endpoint;

import io.leveret.broker.Broker;
import io.leveret.broker.amqp.AmqpServer;
import io.leveret.broker.autoconfigure.BrokerAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Adds the endpoint {@code broker} where it is exposed. */
@AutoConfiguration(after = BrokerAutoConfiguration.class)
@ConditionalOnClass({Endpoint.class, ConditionalOnAvailableEndpoint.class})
@ConditionalOnBean(AmqpServer.class)
@ConditionalOnAvailableEndpoint(BrokerEndpoint.class)
public final class BrokerEndpointAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    BrokerEndpoint brokerEndpoint(Broker broker, AmqpServer server) {
        return new BrokerEndpoint(broker, server);
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnAvailableEndpoint(endpoint = BrokerEndpoint.class, exposure = EndpointExposure.WEB)
    BrokerWebEndpoint brokerWebEndpoint(BrokerEndpoint endpoint) {
        return new BrokerWebEndpoint(endpoint);
    }
}
