package io.leveret.broker.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.limit.HeldBytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

/** What a message that has come in part counts as memory in use. */
class ContentAssemblyTests {
    private final HeldBytes held = new HeldBytes();
    private final ContentAssembly content = new ContentAssembly(1 << 20, held);

    @Test
    void aSmallMessageIsNotWorthCounting() {
        begin(1_000);
        assertThat(held.get()).isZero();
    }

    @Test
    void theRoomOfALargerOneCountsUntilItIsComplete() {
        begin(600_000);
        assertThat(held.get()).isBetween(256_000L, 300_000L);
        body(400_000);
        assertThat(held.get()).isBetween(400_000L, 610_000L);
        body(200_000);
        assertThat(content.bodyEnd()).isTrue();
        assertThat(content.take()).hasSizeGreaterThan(600_000);
        assertThat(held.get()).isZero();
    }

    @Test
    void oneThatIsDroppedCountsNoMore() {
        begin(600_000);
        content.discard();
        assertThat(held.get()).isZero();
    }

    @Test
    void oneThatIsTooLargeTakesNoRoom() {
        begin(2 << 20);
        assertThat(held.get()).isZero();
    }

    private void begin(long bodySize) {
        ByteBuf method = Unpooled.buffer();
        method.writeShort(0).writeByte(0).writeByte(1).writeByte('q').writeByte(0);
        assertThat(content.begin(method, method.readableBytes())).isTrue();
        ByteBuf header = Unpooled.buffer();
        header.writeShort(60).writeShort(0).writeLong(bodySize).writeShort(0);
        content.header(header, header.readableBytes());
    }

    private void body(int length) {
        content.bodyStart(length);
        content.bodyPart(Unpooled.wrappedBuffer(new byte[length]), length);
    }
}
