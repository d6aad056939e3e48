package io.leveret.broker.test.autoconfigure;

import io.leveret.broker.autoconfigure.BrokerAutoConfiguration;
import io.leveret.broker.loop.BrokerClock;
import io.leveret.broker.test.time.ManualClock;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Lets the embedded broker go by a clock that tests move. */
@AutoConfiguration(before = BrokerAutoConfiguration.class)
@ConditionalOnBooleanProperty("broker.test.manual-clock")
public final class ManualClockAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(BrokerClock.class)
    ManualClock brokerClock() {
        return new ManualClock();
    }
}
