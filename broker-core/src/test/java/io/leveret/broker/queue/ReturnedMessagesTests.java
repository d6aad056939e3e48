package io.leveret.broker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.consumer.Position;
import io.leveret.broker.message.Messages;
import org.junit.jupiter.api.Test;

class ReturnedMessagesTests {
    private final ReturnedMessages returned = new ReturnedMessages();

    @Test
    void sortsByPlaceWhateverTheMarks() {
        returned.add(Messages.of("7"), 7);
        returned.add(Messages.of("2"), Position.redelivered(2));
        returned.add(Messages.of("5"), Position.redelivered(Position.windowed(5)));
        returned.add(Messages.of("3"), 3);

        assertThat(Messages.body(returned.peek().message())).isEqualTo("2");
        assertThat(Messages.body(returned.remove().message())).isEqualTo("2");
        assertThat(Messages.body(returned.remove().message())).isEqualTo("3");
        assertThat(Messages.body(returned.remove().message())).isEqualTo("5");
        assertThat(returned.size()).isEqualTo(1);
    }

    @Test
    void keepsTheMarkOfARedelivery() {
        returned.add(Messages.of("a"), Position.redelivered(1));
        returned.add(Messages.of("b"), 2);

        assertThat(Position.isRedelivered(returned.remove().position())).isTrue();
        assertThat(Position.isRedelivered(returned.remove().position())).isFalse();
    }

    @Test
    void keepsTheOrderWhileItShrinks() {
        int messages = 10_000;
        for (int place = messages; place > 0; place--) {
            returned.add(Messages.of("m"), place);
        }
        for (int place = 1; place <= messages; place++) {
            assertThat(Position.place(returned.remove().position())).isEqualTo(place);
        }
        assertThat(returned.isEmpty()).isTrue();
    }

    @Test
    void isEmptyAfterClear() {
        returned.add(Messages.of("a"), 1);
        returned.clear();
        assertThat(returned.isEmpty()).isTrue();
    }
}
