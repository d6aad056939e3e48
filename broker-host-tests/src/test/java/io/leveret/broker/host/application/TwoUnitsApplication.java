package io.leveret.broker.host.application;

import jakarta.persistence.EntityManagerFactory;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;

/** Has two databases with a JPA unit each. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class TwoUnitsApplication {

    @Bean
    @Primary
    DataSource firstSource() {
        return source("first");
    }

    @Bean
    DataSource secondSource() {
        return source("second");
    }

    @Bean
    @Primary
    LocalContainerEntityManagerFactoryBean entityManagerFactory() {
        return unit("first", firstSource());
    }

    @Bean
    LocalContainerEntityManagerFactoryBean secondUnit() {
        return unit("second", secondSource());
    }

    @Bean
    @Primary
    JpaTransactionManager transactionManager(EntityManagerFactory entityManagerFactory) {
        return new JpaTransactionManager(entityManagerFactory);
    }

    private static DataSource source(String name) {
        return DataSourceBuilder.create()
                .url("jdbc:h2:mem:two-units-" + name + ";DB_CLOSE_DELAY=-1")
                .build();
    }

    private static LocalContainerEntityManagerFactoryBean unit(String name, DataSource source) {
        LocalContainerEntityManagerFactoryBean unit = new LocalContainerEntityManagerFactoryBean();
        unit.setPersistenceUnitName(name);
        unit.setDataSource(source);
        unit.setPackagesToScan(Customer.class.getPackageName());
        unit.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
        unit.setJpaPropertyMap(Map.of("hibernate.hbm2ddl.auto", "create-drop"));
        return unit;
    }
}
