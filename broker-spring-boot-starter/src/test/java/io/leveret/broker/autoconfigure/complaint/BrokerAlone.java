package io.leveret.broker.autoconfigure.complaint;

import io.leveret.broker.autoconfigure.BrokerAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.Configuration;

/** Nothing but the broker. */
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration(BrokerAutoConfiguration.class)
class BrokerAlone {}
