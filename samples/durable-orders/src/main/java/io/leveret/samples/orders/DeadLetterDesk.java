package io.leveret.samples.orders;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Shows what could not be shipped, and sends it to shipping once more. */
@RestController
@RequestMapping("/dead-letters")
class DeadLetterDesk {
    private static final long CONFIRM_WITHIN_MILLIS = 10_000;

    private final RabbitTemplate broker;

    DeadLetterDesk(RabbitTemplate broker) {
        this.broker = broker;
    }

    @GetMapping
    List<DeadLetter> list() {
        List<DeadLetter> letters = broker.execute(channel -> {
            List<GetResponse> taken = takeAll(channel);
            putBack(channel, taken);
            return taken.stream().map(DeadLetterDesk::read).toList();
        });
        return letters == null ? List.of() : letters;
    }

    /** The letter is taken from its queue when the broker has it in the other one: it may be in both, but never in neither. */
    @PostMapping("/{orderId}/replay")
    void replay(@PathVariable String orderId) {
        Boolean found = broker.execute(channel -> {
            channel.confirmSelect();
            List<GetResponse> others = takeAll(channel);
            List<GetResponse> wanted = others.stream()
                    .filter(letter -> text(letter).equals(orderId))
                    .toList();
            others.removeAll(wanted);
            for (GetResponse letter : wanted) {
                channel.basicPublish("", OrdersApplication.SHIPPING, letter.getProps(), letter.getBody());
                channel.waitForConfirmsOrDie(CONFIRM_WITHIN_MILLIS);
                channel.basicAck(letter.getEnvelope().getDeliveryTag(), false);
            }
            putBack(channel, others);
            return !wanted.isEmpty();
        });
        if (!Boolean.TRUE.equals(found)) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND, "no dead letter of order " + orderId);
        }
    }

    /** None of them is acknowledged: whatever happens here, they stay. */
    private static List<GetResponse> takeAll(Channel channel) throws IOException {
        List<GetResponse> letters = new ArrayList<>();
        GetResponse letter = channel.basicGet(OrdersApplication.DEAD_LETTERS, false);
        while (letter != null) {
            letters.add(letter);
            letter = channel.basicGet(OrdersApplication.DEAD_LETTERS, false);
        }
        return letters;
    }

    /** They get back to the places where they were. */
    private static void putBack(Channel channel, List<GetResponse> letters) throws IOException {
        for (GetResponse letter : letters) {
            channel.basicNack(letter.getEnvelope().getDeliveryTag(), false, true);
        }
    }

    /** The broker tells in a header what happened to a message. */
    private static DeadLetter read(GetResponse letter) {
        Map<String, Object> headers = letter.getProps().getHeaders();
        return new DeadLetter(
                text(letter),
                String.valueOf(headers.get("x-first-death-queue")),
                String.valueOf(headers.get("x-first-death-reason")));
    }

    private static String text(GetResponse letter) {
        return new String(letter.getBody(), StandardCharsets.UTF_8);
    }

    record DeadLetter(String orderId, String queue, String reason) {}
}
