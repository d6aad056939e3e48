package io.leveret.broker.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FrameParserTests {
    private final List<String> seen = new ArrayList<>();
    private final FrameParser parser = new FrameParser(new FrameHandler() {
        @Override
        public void onMethod(int channel, int method, ByteBuf in, int index) {
            seen.add(channel + " method " + Methods.name(method));
        }

        @Override
        public void onHeader(int channel, long bodySize) {
            seen.add(channel + " header " + bodySize);
        }

        @Override
        public void onBody(int channel, ByteBuf in, int index, int length) {
            seen.add(channel + " body " + in.toString(index, length, StandardCharsets.US_ASCII));
        }
    });

    @Test
    void readsBackWhatTheGeneratorWrites() {
        parser.feed(someFrames());

        assertThat(seen).containsExactlyElementsOf(expected());
        assertThat(parser.isWithinFrame()).isFalse();
    }

    @Test
    void findsTheSameFramesWhereverTheReadsEnd() {
        int length = someFrames().readableBytes();
        for (int first = 0; first <= length; first++) {
            for (int second = first; second <= length; second += 3) {
                seen.clear();
                ByteBuf bytes = someFrames();
                parser.feed(bytes.slice(0, first));
                parser.feed(bytes.slice(first, second - first));
                parser.feed(bytes.slice(second, length - second));
                assertThat(seen).as("split at %d and %d", first, second).isEqualTo(expected());
            }
        }
    }

    @Test
    void refusesAFrameWithoutItsEndOctet() {
        ByteBuf bytes = Unpooled.buffer();
        Frames.ack(bytes, 1, 7, false);
        bytes.setByte(bytes.writerIndex() - 1, 0);

        assertThatThrownBy(() -> parser.feed(bytes))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("end octet");
    }

    @Test
    void refusesAnImpossibleLength() {
        ByteBuf bytes = Unpooled.buffer().writeByte(1).writeShort(0).writeInt(-1);

        assertThatThrownBy(() -> parser.feed(bytes)).hasMessageContaining("4294967295 bytes");
    }

    private static ByteBuf someFrames() {
        ByteBuf out = Unpooled.buffer();
        Frames.channelOpen(out, 3);
        Frames.queueDeclare(out, 3, "q", true, false, Map.of("x-queue-mode", "lazy"));
        Frames.publish(out, 3, "e", "key", true, "abcdefghij".getBytes(StandardCharsets.US_ASCII), 12);
        Frames.publish(out, 4, "e", "key", false, new byte[0], 12);
        Frames.ack(out, 3, 9, true);
        return out;
    }

    private static List<String> expected() {
        return List.of(
                "3 method 20.10",
                "3 method 50.10",
                "3 method 60.40",
                "3 header 10",
                "3 body abcd",
                "3 body efgh",
                "3 body ij",
                "4 method 60.40",
                "4 header 0",
                "3 method 60.80");
    }
}
