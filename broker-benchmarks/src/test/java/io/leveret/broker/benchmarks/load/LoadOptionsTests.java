package io.leveret.broker.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LoadOptionsTests {
    private final LoadOptions options = new LoadOptions();

    @Test
    void givesEachFanoutConsumerItsQueue() {
        options.exchangeType = LoadOptions.ExchangeType.fanout;
        options.consumers = 10;
        options.check();

        assertThat(options.queues).isEqualTo(10);
    }

    @Test
    void sharesQueuesOutAmongProducers() {
        options.producers = 2;
        options.queues = 5;
        options.check();

        assertThat(options.routingKeys(0)).containsExactly("load-0", "load-2", "load-4");
        assertThat(options.routingKeys(1)).containsExactly("load-1", "load-3");
    }

    @Test
    void refusesAnAckBatchThatThePrefetchNeverFills() {
        options.ack = 100;
        options.prefetch = 50;

        assertThatThrownBy(options::check).hasMessageContaining("--ack 100").hasMessageContaining("--prefetch 50");
    }

    @Test
    void namesTheOptionThatIsOutOfRange() {
        options.prefetch = 70_000;

        assertThatThrownBy(options::check).hasMessage("--prefetch is 70000, allowed are 0 to 65535");
    }

    @Test
    void readsUrisWithAndWithoutParts() {
        assertThat(AmqpUri.parse("amqp://localhost")).isEqualTo(new AmqpUri("localhost", 5672, "guest", "guest", "/"));
        assertThat(AmqpUri.parse("amqp://a%40b:c@127.0.0.1:5673/v%2Fw"))
                .isEqualTo(new AmqpUri("127.0.0.1", 5673, "a@b", "c", "v/w"));
        assertThatThrownBy(() -> AmqpUri.parse("http://localhost")).hasMessageContaining("amqp://");
    }
}
