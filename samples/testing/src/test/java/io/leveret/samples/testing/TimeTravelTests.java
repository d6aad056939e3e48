package io.leveret.samples.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.leveret.broker.test.client.BrokerTestClient;
import io.leveret.broker.test.context.EmbeddedBroker;
import io.leveret.samples.testing.BoxOffice.State;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

/** Half an hour passes at once: the broker goes by a clock that the test moves. */
@SpringBootTest
@EmbeddedBroker(properties = "broker.test.manual-clock=true")
class TimeTravelTests {
    @Autowired
    BoxOffice boxOffice;

    @Autowired
    BrokerTestClient broker;

    @Test
    void aSeatThatIsNotPaidForIsFreeAfterHalfAnHour() {
        boxOffice.reserve("A1");
        broker.queue(BoxOfficeApplication.RESERVED).awaitReady(1);

        broker.advanceTime(Duration.ofMinutes(29));
        assertThat(broker.messages(BoxOfficeApplication.RESERVED)).hasSize(1);
        assertThat(boxOffice.state("A1")).isEqualTo(State.RESERVED);

        broker.advanceTime(Duration.ofMinutes(1));
        assertThat(broker.messages(BoxOfficeApplication.RESERVED)).isEmpty();
        await().untilAsserted(() -> assertThat(boxOffice.state("A1")).isEqualTo(State.FREE));
    }
}
