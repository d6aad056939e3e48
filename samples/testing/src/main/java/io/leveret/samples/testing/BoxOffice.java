package io.leveret.samples.testing;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.amqp.AmqpRejectAndDontRequeueException;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.stereotype.Component;

/** Which seats are reserved, paid or free. */
@Component
class BoxOffice {
    enum State {
        FREE,
        RESERVED,
        PAID
    }

    private final Map<String, State> seats = new ConcurrentHashMap<>();
    private final RabbitTemplate broker;

    BoxOffice(RabbitTemplate broker) {
        this.broker = broker;
    }

    State state(String seat) {
        return seats.getOrDefault(seat, State.FREE);
    }

    void reserve(String seat) {
        seats.put(seat, State.RESERVED);
        broker.convertAndSend(BoxOfficeApplication.RESERVED, seat);
    }

    /** A payment for a seat that nobody has reserved is rejected: somebody has to look at it. */
    @RabbitListener(queues = BoxOfficeApplication.PAYMENTS)
    void pay(String seat) {
        if (!seats.replace(seat, State.RESERVED, State.PAID)) {
            throw new AmqpRejectAndDontRequeueException("seat " + seat + " is not reserved");
        }
    }

    @RabbitListener(queues = BoxOfficeApplication.OVERDUE)
    void release(String seat) {
        seats.remove(seat, State.RESERVED);
    }
}
