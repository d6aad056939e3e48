package io.leveret.samples.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.leveret.broker.Broker;
import io.leveret.samples.testing.BoxOffice.State;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.rabbit.core.RabbitAdmin;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.core.env.Environment;
import org.springframework.core.env.Profiles;

/**
 * Uses nothing but RabbitMQ's protocol, and so passes on the broker inside, and with the profile {@code rabbitmq} on a RabbitMQ.
 * What holds for the one then holds for the other.
 */
@SpringBootTest
class AnyBrokerTests {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Autowired
    BoxOffice boxOffice;

    @Autowired
    RabbitTemplate template;

    @Autowired
    RabbitAdmin admin;

    /** A RabbitMQ keeps what earlier runs have left in it. */
    @BeforeEach
    void forget() {
        for (String queue : List.of(
                BoxOfficeApplication.RESERVED, BoxOfficeApplication.PAYMENTS, BoxOfficeApplication.BAD_PAYMENTS)) {
            admin.purgeQueue(queue);
        }
    }

    @Test
    void aReservedSeatIsPaid() {
        boxOffice.reserve("A1");
        template.convertAndSend(BoxOfficeApplication.PAYMENTS, "A1");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(boxOffice.state("A1")).isEqualTo(State.PAID));
    }

    @Test
    void aPaymentForAFreeSeatIsPutAside() {
        template.convertAndSend(BoxOfficeApplication.PAYMENTS, "B7");
        Message letter = template.receive(BoxOfficeApplication.BAD_PAYMENTS, PATIENCE.toMillis());
        assertThat(letter).isNotNull();
        assertThat(letter.getBody()).asString().isEqualTo("B7");
        List<? extends Map<String, ?>> deaths = letter.getMessageProperties().getXDeathHeader();
        assertThat(deaths).singleElement().satisfies(death -> {
            assertThat(death.get("reason")).hasToString("rejected");
            assertThat(death.get("queue")).hasToString(BoxOfficeApplication.PAYMENTS);
            assertThat(death.get("count")).isEqualTo(1L);
        });
    }

    @Test
    void reservationsWaitForHalfAnHour() {
        boxOffice.reserve("C3");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(admin.getQueueInfo(BoxOfficeApplication.RESERVED)
                                .getMessageCount())
                        .isEqualTo(1));
        assertThat(boxOffice.state("C3")).isEqualTo(State.RESERVED);
    }

    @Test
    void theProfileSaysWhichBrokerItIs(@Autowired ObjectProvider<Broker> embedded, @Autowired Environment environment) {
        boolean rabbitmq = environment.acceptsProfiles(Profiles.of("rabbitmq"));
        assertThat(embedded.getIfAvailable() == null).isEqualTo(rabbitmq);
    }
}
