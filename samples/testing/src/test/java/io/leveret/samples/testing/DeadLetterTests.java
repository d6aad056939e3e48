package io.leveret.samples.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.leveret.broker.test.client.BrokerTestClient;
import io.leveret.broker.test.context.EmbeddedBroker;
import io.leveret.broker.test.context.EmbeddedBroker.Reset;
import io.leveret.samples.testing.BoxOffice.State;
import org.junit.jupiter.api.Test;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

/** The test client sees what is in the queues without taking it out. Each test begins with empty queues. */
@SpringBootTest
@EmbeddedBroker(reset = Reset.BEFORE_EACH)
class DeadLetterTests {
    @Autowired
    BoxOffice boxOffice;

    @Autowired
    RabbitTemplate template;

    @Autowired
    BrokerTestClient broker;

    @Test
    void aPaymentForAFreeSeatIsADeadLetter() {
        template.convertAndSend(BoxOfficeApplication.PAYMENTS, "B7");

        broker.queue(BoxOfficeApplication.BAD_PAYMENTS).awaitReady(1);
        assertThat(broker.deadLetters()).singleElement().satisfies(letter -> {
            assertThat(letter.message().text()).isEqualTo("B7");
            assertThat(letter.message().queue()).isEqualTo(BoxOfficeApplication.BAD_PAYMENTS);
            assertThat(letter.firstQueue()).isEqualTo(BoxOfficeApplication.PAYMENTS);
            assertThat(letter.firstReason()).isEqualTo("rejected");
        });
    }

    @Test
    void aPaymentForAReservedSeatIsNone() {
        boxOffice.reserve("A1");
        template.convertAndSend(BoxOfficeApplication.PAYMENTS, "A1");

        await().untilAsserted(() -> assertThat(boxOffice.state("A1")).isEqualTo(State.PAID));
        broker.queue(BoxOfficeApplication.PAYMENTS).awaitEmpty();
        assertThat(broker.deadLetters()).isEmpty();
    }
}
