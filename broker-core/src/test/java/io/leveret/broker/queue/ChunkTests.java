package io.leveret.broker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.message.Message;
import io.leveret.broker.message.Messages;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChunkTests {
    private static final int MESSAGES = 1_000_000;

    @Test
    void aMessageThatIsPagedOutTakesLessThanTwentyFourBytes() {
        List<Chunk> chunks = new ArrayList<>();
        long before = usedHeap();
        for (int i = 0; i < MESSAGES / Chunk.MESSAGES; i++) {
            chunks.add(pagedOut(i, Message.NEVER));
        }
        long each = (usedHeap() - before) / MESSAGES;
        assertThat(chunks).hasSize(MESSAGES / Chunk.MESSAGES);
        assertThat(each).isLessThan(24);
    }

    @Test
    void deadlinesTakeRoomOnlyWhereThereAreSome() {
        assertThat(pagedOut(0, Message.NEVER).indexBytes()).isEqualTo(Chunk.INDEX_BYTES);
        Chunk expiring = pagedOut(0, 1_000);
        assertThat(expiring.indexBytes()).isEqualTo(Chunk.INDEX_BYTES_WITH_DEADLINE);
        assertThat(expiring.deadlineMillis(0)).isEqualTo(Message.NEVER);
        assertThat(expiring.deadlineMillis(1)).isEqualTo(1_000);
    }

    @Test
    void saysTheSameOfAMessageInMemoryAndOnDisk() {
        Chunk chunk = new Chunk(0, 2);
        Message[] messages = {
            Messages.of("a").inQueue(Message.NEVER, 11), Messages.of("bcd").inQueue(5, 12)
        };
        chunk.pageIn(messages, 2);
        for (int round = 0; round < 2; round++) {
            assertThat(chunk.place(1)).isEqualTo(12);
            assertThat(chunk.bodyLength(1)).isEqualTo(3);
            assertThat(chunk.deadlineMillis(1)).isEqualTo(5);
            if (round == 0) {
                assertThat(chunk.pageOut(0, 2)).isEqualTo((long) messages[0].memoryBytes() + messages[1].memoryBytes());
            }
        }
        assertThat(chunk.isResident()).isFalse();
    }

    /** @param deadline of all but the first */
    private static Chunk pagedOut(int number, long deadline) {
        Message[] messages = new Message[Chunk.MESSAGES];
        for (int i = 0; i < messages.length; i++) {
            messages[i] = Messages.of("body").inQueue(i == 0 ? Message.NEVER : deadline, 1);
        }
        Chunk chunk = new Chunk(number, 1);
        chunk.pageIn(messages, messages.length);
        chunk.pageOut(0, messages.length);
        return chunk;
    }

    private static long usedHeap() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }
}
