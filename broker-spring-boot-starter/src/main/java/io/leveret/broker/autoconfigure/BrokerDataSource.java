package io.leveret.broker.autoconfigure;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.beans.factory.annotation.Qualifier;

/**
 * Marks the {@code DataSource} in which the broker is to keep its data when {@code broker.persistent} is true. Declare the
 * bean with {@code @Bean(defaultCandidate = false)}, so that nothing else takes it for the application's own. The broker uses
 * it through a pool of its own and makes its tables, called {@code broker_...}, by itself.
 */
@Target({ElementType.FIELD, ElementType.METHOD, ElementType.PARAMETER, ElementType.TYPE, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Qualifier public @interface BrokerDataSource {}
