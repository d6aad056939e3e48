package io.leveret.broker.autoconfigure;

import java.time.Clock;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Adds the endpoint {@code brokerbackup} where {@code management.endpoint.brokerbackup.access} lets somebody use it. */
@AutoConfiguration(after = BrokerAutoConfiguration.class)
@ConditionalOnClass({Endpoint.class, ConditionalOnAvailableEndpoint.class})
@ConditionalOnBean(BrokerStorage.class)
@ConditionalOnAvailableEndpoint(BrokerBackupEndpoint.class)
public final class BrokerBackupEndpointAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    BrokerBackupEndpoint brokerBackupEndpoint(BrokerStorage storage, BrokerProperties properties) {
        return new BrokerBackupEndpoint(storage, properties.backupDirectory(), Clock.systemUTC());
    }
}
