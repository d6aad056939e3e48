package io.leveret.broker.test.context;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Says which embedded broker the Spring context of a test class has. Not needed where the defaults of the starter will do: a
 * context has a broker of its own then, too.
 *
 * <p>The broker is there even if {@code spring.rabbitmq.host} and the like name another one, as if {@code broker.enabled} were
 * true. The annotation is found on the class, on its superclasses and interfaces, on the class around a {@code @Nested} one,
 * and on other annotations. Contexts are cached as always: classes that say the same share one, whatever {@link #reset} is.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ExtendWith(SharedBrokersExtension.class)
public @interface EmbeddedBroker {

    /** Whose broker it is. */
    Scope scope() default Scope.CONTEXT;

    /** What is done about what earlier tests have left in it. */
    Reset reset() default Reset.NONE;

    /** Locations of definitions files to import, in the place of {@code broker.definitions}. */
    String[] definitions() default {};

    /** Properties {@code name=value}, which go before all others of the test. */
    String[] properties() default {};

    /** Whose broker it is. */
    enum Scope {
        /** Of the context, from its start to its end. */
        CONTEXT,
        /**
         * Of all contexts in this JVM whose annotations have this scope and the same {@link #definitions} and {@link #properties}. It
         * has these settings and otherwise the starter's defaults: what else is said about a broker in properties of the application
         * has no effect on it. It is closed when the run of the tests is over and so are all contexts that use it.
         */
        JVM
    }

    /** What is done before each test method. */
    enum Reset {
        /** Nothing. */
        NONE,
        /**
         * Before each test method, and before what is marked {@code @BeforeEach}: empties all queues of what is ready, and exchanges
         * of what they hold back ({@code x-delayed-message}) or keep ({@code x-recent-history}), in all virtual hosts, and turns the
         * firehose off. What a consumer has and did not acknowledge stays with it; queues, exchanges, bindings, users, policies and
         * other definitions stay, connections stay open, and a manual clock stays where it is.
         */
        BEFORE_EACH
    }
}
