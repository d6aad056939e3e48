package io.leveret.broker.autoconfigure.observation;

import io.leveret.broker.Broker;
import io.leveret.broker.channel.PublishObserver;
import io.leveret.broker.message.FieldTable;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;

/**
 * Makes an observation of each message that clients publish, while the bean is there.
 *
 * <p>Handlers of observations are called on the broker's loops. What one of them throws is logged, once, and harms no message.
 */
final class BrokerPublishObservations implements PublishObserver, InitializingBean, DisposableBean {
    private static final Logger log = LoggerFactory.getLogger(BrokerPublishObservations.class);
    private static final BrokerPublishObservationConvention DEFAULT = new DefaultBrokerPublishObservationConvention();

    private final Broker broker;
    private final String name;
    private final ObservationRegistry registry;
    private final @Nullable BrokerPublishObservationConvention convention;
    private final AtomicBoolean failed = new AtomicBoolean();

    BrokerPublishObservations(
            Broker broker, ObservationRegistry registry, @Nullable BrokerPublishObservationConvention convention) {
        this.broker = broker;
        this.name = broker.config().name();
        this.registry = registry;
        this.convention = convention;
    }

    @Override
    public void afterPropertiesSet() {
        broker.observePublishes(this);
    }

    @Override
    public void destroy() {
        broker.observePublishes(null);
    }

    @Override
    public Publication published(String vhost, String exchange, String routingKey, FieldTable headers) {
        BrokerPublishContext context = new BrokerPublishContext(name, vhost, exchange, routingKey, headers);
        return new ObservedPublication(context, start(context));
    }

    private Observation start(BrokerPublishContext context) {
        try {
            return Observation.start(convention, DEFAULT, () -> context, registry);
        } catch (RuntimeException e) {
            onHandlerFailure(e);
            return Observation.NOOP;
        }
    }

    private void attempt(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            onHandlerFailure(e);
        }
    }

    private void onHandlerFailure(RuntimeException e) {
        if (failed.compareAndSet(false, true)) {
            log.warn("a handler of observations failed; this is logged once, and messages are not affected", e);
        }
    }

    private final class ObservedPublication implements Publication {
        private final BrokerPublishContext context;
        private final Observation observation;

        private ObservedPublication(BrokerPublishContext context, Observation observation) {
            this.context = context;
            this.observation = observation;
        }

        @Override
        public void routed(int queues) {
            context.routedTo(queues);
            attempt(observation::stop);
        }

        @Override
        public void refused(RuntimeException reason) {
            attempt(() -> observation.error(reason));
            attempt(observation::stop);
        }
    }
}
