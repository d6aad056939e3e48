package io.leveret.broker.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leveret.broker.error.AmqpError;
import io.leveret.broker.error.ReplyCode;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConsumerArgumentsTests {
    @Test
    void readsThePriority() {
        assertThat(priority(FieldValue.of(-5))).isEqualTo(-5);
        assertThat(priority(FieldValue.of(7L))).isEqualTo(7);
        assertThat(priority(FieldValue.of(Long.MAX_VALUE))).isEqualTo(Integer.MAX_VALUE);
        assertThat(ConsumerArguments.parse("/", "q", FieldTable.EMPTY).priority())
                .isZero();
    }

    @Test
    void refusesAPriorityThatIsNotAnInteger() {
        assertThatThrownBy(() -> priority(FieldValue.of("a")))
                .isInstanceOfSatisfying(
                        AmqpError.class,
                        error -> assertThat(error.replyCode()).isEqualTo(ReplyCode.PRECONDITION_FAILED))
                .hasMessage("invalid arg 'x-priority' for queue 'q' in vhost '/': \"expected integer, got longstr\"");
    }

    @Test
    void refusesArgumentsForOtherTypesOfQueues() {
        for (String name :
                List.of("x-stream-offset", "x-stream-filter", "x-stream-match-unfiltered", "x-consumer-timeout")) {
            assertThatThrownBy(() -> parse(name, FieldValue.of("first")))
                    .hasMessage(
                            "invalid arg '" + name + "' for queue 'q' in vhost '/' of queue type rabbit_classic_queue");
        }
    }

    @Test
    void ignoresUnknownArguments() {
        assertThat(parse("whatever", FieldValue.of(1)).priority()).isZero();
    }

    private static int priority(FieldValue priority) {
        return parse("x-priority", priority).priority();
    }

    private static ConsumerArguments parse(String name, FieldValue value) {
        return ConsumerArguments.parse("/", "q", FieldTable.of(Map.of(name, value)));
    }
}
