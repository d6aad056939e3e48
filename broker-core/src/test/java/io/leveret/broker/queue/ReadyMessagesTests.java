package io.leveret.broker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.message.Message;
import io.leveret.broker.message.Messages;
import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReadyMessagesTests {
    private final ReadyMessages ready = new ReadyMessages(null);

    @Test
    void givesBackInOrderOverSeveralChunks() {
        Message[] messages = new Message[2000];
        for (int i = 0; i < messages.length; i++) {
            messages[i] = Messages.of("" + i);
            ready.add(messages[i]);
        }
        for (Message message : messages) {
            assertThat(ready.peek()).isSameAs(message);
            assertThat(ready.remove()).isSameAs(message);
        }
        assertThat(ready.isEmpty()).isTrue();
        assertThat(ready.peek()).isNull();
    }

    @Test
    void isEmptyAndUsableAfterClear() {
        for (int i = 0; i < 600; i++) {
            ready.add(Messages.of("old"));
        }
        ready.clear();
        assertThat(ready.size()).isZero();
        ready.add(Messages.of("new"));
        assertThat(Messages.body(ready.remove())).isEqualTo("new");
    }

    @Test
    void behavesAsAQueueWhateverTheMix() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        ArrayDeque<Message> expected = new ArrayDeque<>();
        for (int round = 0; round < 40; round++) {
            for (int i = random.nextInt(1200); i > 0; i--) {
                Message message = Messages.of("m");
                ready.add(message);
                expected.add(message);
            }
            int removals = random.nextInt(4) == 0 ? expected.size() : random.nextInt(expected.size() + 1);
            for (int i = 0; i < removals; i++) {
                assertThat(ready.remove()).as("seed %d", seed).isSameAs(expected.remove());
            }
            assertThat(ready.size()).as("seed %d", seed).isEqualTo(expected.size());
        }
    }
}
