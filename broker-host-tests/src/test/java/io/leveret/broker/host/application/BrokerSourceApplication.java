package io.leveret.broker.host.application;

import io.leveret.broker.autoconfigure.BrokerDataSource;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;

/** Has a database of its own, made by Boot, and names another one for the broker. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class BrokerSourceApplication {

    @Bean(defaultCandidate = false)
    @BrokerDataSource
    DataSource forTheBroker() {
        JdbcDataSource source = new JdbcDataSource();
        source.setURL("jdbc:h2:mem:for-the-broker;DB_CLOSE_DELAY=-1");
        source.setUser("sa");
        return source;
    }
}
