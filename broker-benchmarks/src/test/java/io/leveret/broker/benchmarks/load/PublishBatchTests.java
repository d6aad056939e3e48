package io.leveret.broker.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PublishBatchTests {

    @Test
    void stampsEachMessageWithTimeAndNumber() {
        PublishBatch batch = PublishBatch.encode(1, "e", List.of("a", "longer"), false, 20, 4096, 5);

        assertThat(stamps(batch.take(0, 5, 77))).containsExactly("77/0", "77/1", "77/2", "77/3", "77/4");
        assertThat(stamps(batch.take(1, 3, 78))).containsExactly("78/5", "78/6");
        batch.release();
    }

    @Test
    void doesNotTouchWhatIsStillBeingSent() {
        PublishBatch batch = PublishBatch.encode(1, "", List.of("a"), true, 16, 4096, 2);
        ByteBuf slow = batch.take(0, 2, 1);
        for (int i = 0; i < 200; i++) {
            batch.take(0, 2, 1000 + i).release();
        }

        assertThat(stamps(slow)).containsExactly("1/0", "1/1");
        batch.release();
    }

    @Test
    void leavesBodiesAloneThatHaveNoRoomForAStamp() {
        PublishBatch batch = PublishBatch.encode(1, "", List.of("a"), false, 15, 4096, 1);

        assertThat(stamps(batch.take(0, 1, 77))).containsExactly("0/0");
        batch.release();
    }

    @Test
    void releasesEverything() {
        PublishBatch batch = PublishBatch.encode(1, "", List.of("a"), false, 16, 4096, 1);
        ByteBuf taken = batch.take(0, 1, 1);
        batch.release();

        assertThat(taken.refCnt()).isOne();
        taken.release();
    }

    /** The bodies' time and number; releases the buffer. */
    private static List<String> stamps(ByteBuf buffer) {
        List<String> stamps = new ArrayList<>();
        new FrameParser(new FrameHandler() {
                    @Override
                    public void onMethod(int channel, int method, ByteBuf in, int index) {
                        assertThat(method).isEqualTo(Methods.BASIC_PUBLISH);
                    }

                    @Override
                    public void onHeader(int channel, long bodySize) {}

                    @Override
                    public void onBody(int channel, ByteBuf in, int index, int length) {
                        stamps.add(in.getLong(index) + "/" + (length < 16 ? 0 : in.getLong(index + 8)));
                    }
                })
                .feed(buffer);
        buffer.release();
        return stamps;
    }
}
