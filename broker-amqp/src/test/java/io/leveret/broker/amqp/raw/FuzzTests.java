package io.leveret.broker.amqp.raw;

import static io.leveret.broker.amqp.raw.Wire.octets;
import static io.leveret.broker.amqp.raw.Wire.utf8;
import static io.leveret.broker.amqp.raw.Wire.wire;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Nonsense at a live broker. Whatever a client sends, the broker answers in well-formed frames or closes, goes on serving
 * others, and keeps nothing of the client. Every run has another seed, which it prints; {@code -Dbroker.fuzz.seed}
 * repeats one.
 */
@Tag("behaviour")
class FuzzTests {
    /** Every method a client may send, and some it may not. */
    private static final int[][] METHODS = {
        {10, 11}, {10, 21}, {10, 31}, {10, 40}, {10, 50}, {10, 51}, {10, 70}, {20, 10}, {20, 20}, {20, 21}, {20, 40},
        {20, 41}, {30, 10}, {40, 10}, {40, 20}, {40, 30}, {40, 40}, {50, 10}, {50, 20}, {50, 30}, {50, 40}, {50, 50},
        {60, 10}, {60, 20}, {60, 30}, {60, 31}, {60, 40}, {60, 50}, {60, 60}, {60, 70}, {60, 71}, {60, 80}, {60, 90},
        {60, 100}, {60, 110}, {60, 120}, {60, 200}, {85, 10}, {90, 10}, {90, 20}, {90, 30}
    };

    /** What broke a reader once is worth more than chance. */
    private static final int[] ODD_OCTETS = {0, 1, 2, 3, 8, 127, 128, 0xCE, 254, 255};

    @RegisterExtension
    static final RawBroker BROKER = RawBroker.create();

    private Random random = new Random();

    @BeforeEach
    void seed(TestInfo test) {
        long seed = Long.getLong("broker.fuzz.seed", random.nextLong());
        System.out.println(test.getDisplayName() + ": -Dbroker.fuzz.seed=" + seed);
        random = new Random(seed);
    }

    @AfterEach
    void brokerIsHealthy() {
        RawAmqpClient client = BROKER.channel();
        String queue = client.declare(1, BROKER.name("health"));
        client.method(
                1,
                MethodId.BASIC_CONSUME,
                wire().shortUint(0).shortStr(queue).shortStr("health").octet(2).emptyTable());
        client.expect(1, MethodId.BASIC_CONSUME_OK);
        client.publish(1, "", queue, utf8("alive"));
        assertThat(client.expectContent(1, MethodId.BASIC_DELIVER).body()).isEqualTo(utf8("alive"));
        client.closeConnection();
        BROKER.release(client);
        BROKER.awaitNoConnections();
    }

    @Test
    void survivesRandomBytesInsteadOfAProtocolHeader() {
        for (int i = 0; i < 100; i++) {
            RawAmqpClient client = BROKER.connect();
            client.offer(randomBytes(1 + random.nextInt(300)));
            leave(client);
        }
    }

    @Test
    void survivesRandomBytesAfterTheProtocolHeader() {
        for (int i = 0; i < 100; i++) {
            RawAmqpClient client = BROKER.connect().protocolHeader();
            client.offer(randomBytes(1 + random.nextInt(300)));
            leave(client);
        }
    }

    @Test
    void survivesRandomBytesOnAnOpenConnection() {
        for (int i = 0; i < 100; i++) {
            RawAmqpClient client = BROKER.connection();
            client.offer(randomBytes(1 + random.nextInt(2_000)));
            leave(client);
        }
    }

    @Test
    void survivesWellFormedFramesOfNonsense() {
        for (int i = 0; i < 120; i++) {
            RawAmqpClient client = BROKER.channel();
            ByteArrayOutputStream session = new ByteArrayOutputStream();
            for (int frames = 1 + random.nextInt(8); frames > 0; frames--) {
                session.writeBytes(randomFrame());
            }
            client.offer(session.toByteArray());
            leave(client);
        }
    }

    @Test
    void survivesMutatedSessions() {
        for (int i = 0; i < 250; i++) {
            List<byte[]> frames = validSession(BROKER.name("q"));
            for (int mutations = 1 + random.nextInt(3); mutations > 0; mutations--) {
                mutate(frames);
            }
            RawAmqpClient client = BROKER.connect().protocolHeader();
            client.offer(join(frames));
            leave(client);
        }
    }

    @Test
    void survivesSessionsCutAnywhere() {
        byte[] whole = join(validSession(BROKER.name("q")));
        for (int length = 0; length < whole.length; length += 1 + random.nextInt(16)) {
            RawAmqpClient client = BROKER.connect().protocolHeader();
            client.offer(Arrays.copyOf(whole, length));
            leave(client);
        }
    }

    @Test
    void survivesTruncatedArgumentsOfEveryMethod() {
        byte[] arguments = wire().shortUint(0)
                .shortStr("raw-fuzz")
                .shortStr("raw-fuzz")
                .shortStr("raw-fuzz")
                .octet(4)
                .emptyTable()
                .toBytes();
        for (int[] ids : METHODS) {
            RawAmqpClient client = BROKER.channel();
            for (int channel = 1; channel <= 3; channel++) {
                byte[] cut = Arrays.copyOf(arguments, random.nextInt(arguments.length));
                client.offer(RawFrame.encodeMethod(channel, new MethodId(ids[0], ids[1]), wire().bytes(cut)));
            }
            leave(client);
        }
    }

    @Test
    void survivesAbsurdLengths() {
        long[] lengths = {0x7F, 0x7FFF_FFFFL, 0x8000_0000L, 0xFFFF_FFFEL, 0xFFFF_FFFFL};
        for (long length : lengths) {
            leave(BROKER.channel().frameHead(random.nextInt(10), random.nextInt(3), length));
            leave(BROKER.connect().started().frameHead(RawFrame.METHOD, 0, length));
            leave(BROKER.connect().started().method(0, MethodId.CONNECTION_START_OK, wire().longUint(length)));
            leave(BROKER.channel()
                    .method(
                            1,
                            MethodId.QUEUE_DECLARE,
                            wire().shortUint(0).shortStr("raw-fuzz").octet(4).longUint(length)));
            for (char tag : "SxFA".toCharArray()) {
                byte[] table = wire().octet(0).octet(tag).longUint(length).toBytes();
                leave(BROKER.channel()
                        .method(
                                1,
                                MethodId.QUEUE_DECLARE,
                                wire().shortUint(0)
                                        .shortStr("raw-fuzz")
                                        .octet(4)
                                        .longStr(table)));
                leave(BROKER.channel()
                        .publishMethod(1, "", "raw-fuzz")
                        .header(1, 0, 0x2000, wire().longStr(table).toBytes()));
            }
        }
    }

    @Test
    void survivesAbsurdBodySizes() {
        long[] sizes = {Integer.MAX_VALUE, 1L << 31, 1L << 32, Long.MAX_VALUE, Long.MIN_VALUE, -1, 536_870_912};
        for (long size : sizes) {
            RawAmqpClient client =
                    BROKER.channel().publishMethod(1, "", "raw-fuzz").header(1, size);
            client.offer(RawFrame.encode(RawFrame.BODY, 1, new byte[1_000]));
            leave(client);
        }
    }

    @Test
    void survivesDeeplyNestedTables() {
        for (char tag : "FA".toCharArray()) {
            byte[] nested = nested(tag, 18_000);
            leave(BROKER.channel()
                    .method(
                            1,
                            MethodId.QUEUE_DECLARE,
                            wire().shortUint(0)
                                    .shortStr(BROKER.name("q"))
                                    .octet(QueueBits.EXCLUSIVE)
                                    .longStr(nested)));
            leave(BROKER.channel()
                    .publishMethod(1, "amq.headers", "raw-fuzz")
                    .header(1, 0, 0x2000, wire().longStr(nested).toBytes()));
        }
        leave(BROKER.connect()
                .started()
                .method(
                        0,
                        MethodId.CONNECTION_START_OK,
                        wire().longStr(nested('F', 1_000))
                                .shortStr("PLAIN")
                                .longStr(Handshake.plain("guest", "guest"))
                                .shortStr("en_US")));
    }

    /** A table with an entry that holds a table or an array, and so on. */
    private static byte[] nested(char tag, int depth) {
        int level = tag == 'F' ? 6 : 5;
        ByteBuffer table = ByteBuffer.allocate(depth * level + 6);
        table.put((byte) 0).put((byte) tag).putInt(depth * level);
        for (int left = depth - 1; left >= 0; left--) {
            if (tag == 'F') {
                table.put((byte) 0);
            }
            table.put((byte) tag).putInt(left * level);
        }
        return table.array();
    }

    @Test
    void survivesChannelsThatComeAndGo() {
        for (int i = 0; i < 20; i++) {
            RawAmqpClient client = BROKER.connection(Handshake.guest().channelMax(5));
            ByteArrayOutputStream session = new ByteArrayOutputStream();
            for (int frames = 0; frames < 200; frames++) {
                int channel = 1 + random.nextInt(5);
                MethodId method = random.nextInt(3) == 0 ? MethodId.CHANNEL_CLOSE : MethodId.CHANNEL_OPEN;
                Wire arguments = method == MethodId.CHANNEL_OPEN ? wire().shortStr("") : CloseReason.normal();
                session.writeBytes(RawFrame.encodeMethod(channel, method, arguments));
            }
            client.offer(session.toByteArray());
            leave(client);
        }
    }

    // ---- what is sent

    private byte[] randomBytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        if (random.nextBoolean()) {
            // Closer to frames: small numbers, zeros and frame ends.
            for (int i = 0; i < count; i++) {
                bytes[i] = (byte) oddOctet();
            }
        }
        return bytes;
    }

    private int oddOctet() {
        return ODD_OCTETS[random.nextInt(ODD_OCTETS.length)];
    }

    private byte[] randomFrame() {
        int channel = random.nextInt(4);
        int choice = random.nextInt(10);
        if (choice < 6) {
            int[] ids = METHODS[random.nextInt(METHODS.length)];
            return RawFrame.encodeMethod(channel, new MethodId(ids[0], ids[1]), wire().bytes(randomArguments()));
        }
        if (choice == 6) {
            return RawFrame.encode(
                    RawFrame.HEADER,
                    channel,
                    wire().shortUint(60)
                            .shortUint(0)
                            .longlong(random.nextInt(20))
                            .shortUint(random.nextInt(0x1_0000))
                            .bytes(randomArguments())
                            .toBytes());
        }
        if (choice == 7) {
            return RawFrame.encode(RawFrame.BODY, channel, randomBytes(random.nextInt(20)));
        }
        return RawFrame.encode(random.nextInt(10), channel, randomBytes(random.nextInt(40)));
    }

    /** Arguments out of AMQP's types in any order. */
    private byte[] randomArguments() {
        Wire arguments = wire();
        for (int fields = random.nextInt(6); fields > 0; fields--) {
            switch (random.nextInt(6)) {
                case 0 -> arguments.octet(oddOctet());
                case 1 -> arguments.shortUint(random.nextInt(3));
                case 2 -> arguments.shortStr(random.nextBoolean() ? "amq.direct" : "");
                case 3 -> arguments.emptyTable();
                case 4 -> arguments.longStr(randomBytes(random.nextInt(20)));
                default -> arguments.longlong(random.nextLong());
            }
        }
        return arguments.toBytes();
    }

    /** Frame by frame what a client does from start-ok to close, on an exclusive queue. */
    private static List<byte[]> validSession(String queue) {
        Handshake guest = Handshake.guest();
        List<byte[]> frames = new ArrayList<>();
        frames.add(RawFrame.encodeMethod(0, MethodId.CONNECTION_START_OK, guest.startOk()));
        frames.add(RawFrame.encodeMethod(0, MethodId.CONNECTION_TUNE_OK, guest.tuneOk()));
        frames.add(RawFrame.encodeMethod(0, MethodId.CONNECTION_OPEN, guest.open()));
        frames.add(RawFrame.encodeMethod(1, MethodId.CHANNEL_OPEN, wire().shortStr("")));
        frames.add(RawFrame.encodeMethod(1, MethodId.CONFIRM_SELECT, wire().octet(0)));
        frames.add(RawFrame.encodeMethod(
                1, MethodId.BASIC_QOS, wire().longUint(0).shortUint(10).octet(0)));
        frames.add(RawFrame.encodeMethod(
                1,
                MethodId.QUEUE_DECLARE,
                wire().shortUint(0)
                        .shortStr(queue)
                        .octet(QueueBits.EXCLUSIVE)
                        .longStr(wire().shortStr("x-max-length")
                                .octet('I')
                                .longUint(10)
                                .shortStr("x-nested")
                                .octet('F')
                                .longStr(octets(1, 'a', 'A', 0, 0, 0, 4, 't', 1, 'V', 'V'))
                                .toBytes())));
        frames.add(RawFrame.encodeMethod(
                1,
                MethodId.QUEUE_BIND,
                wire().shortUint(0)
                        .shortStr(queue)
                        .shortStr("amq.topic")
                        .shortStr("#")
                        .octet(0)
                        .emptyTable()));
        frames.add(RawFrame.encodeMethod(
                1,
                MethodId.BASIC_CONSUME,
                wire().shortUint(0).shortStr(queue).shortStr("tag").octet(0).emptyTable()));
        frames.add(RawFrame.encodeMethod(
                1,
                MethodId.BASIC_PUBLISH,
                wire().shortUint(0).shortStr("amq.topic").shortStr("a.b").octet(1)));
        frames.add(RawFrame.encode(
                RawFrame.HEADER,
                1,
                wire().shortUint(60)
                        .shortUint(0)
                        .longlong(10)
                        .shortUint(0xB000)
                        .shortStr("text/plain")
                        .longStr(octets(1, 'h', 'S', 0, 0, 0, 1, 'v'))
                        .octet(2)
                        .toBytes()));
        frames.add(RawFrame.encode(RawFrame.BODY, 1, utf8("01234")));
        frames.add(RawFrame.encode(RawFrame.HEARTBEAT, 0, octets()));
        frames.add(RawFrame.encode(RawFrame.BODY, 1, utf8("56789")));
        frames.add(
                RawFrame.encodeMethod(1, MethodId.BASIC_ACK, wire().longlong(1).octet(1)));
        frames.add(RawFrame.encodeMethod(1, MethodId.BASIC_RECOVER, wire().octet(1)));
        frames.add(RawFrame.encodeMethod(1, MethodId.CHANNEL_CLOSE, CloseReason.normal()));
        frames.add(RawFrame.encodeMethod(0, MethodId.CONNECTION_CLOSE, CloseReason.normal()));
        return frames;
    }

    private void mutate(List<byte[]> frames) {
        int index = random.nextInt(frames.size());
        byte[] frame = frames.get(index).clone();
        if (frame.length < 8) {
            return;
        }
        switch (random.nextInt(9)) {
            case 0 -> frame[random.nextInt(frame.length)] ^= (byte) (1 << random.nextInt(8));
            case 1 -> frame[random.nextInt(frame.length)] = (byte) oddOctet();
            case 2 -> frame[3 + random.nextInt(4)] = (byte) oddOctet();
            case 3 -> frame[frame.length - 1] = (byte) oddOctet();
            case 4 -> frame[0] = (byte) oddOctet();
            case 5 -> frame[2] = (byte) random.nextInt(4);
            case 6 -> frame = Arrays.copyOf(frame, random.nextInt(frame.length));
            case 7 -> frames.add(random.nextInt(frames.size()), frame);
            default -> Collections.swap(frames, index, random.nextInt(frames.size()));
        }
        if (index < frames.size()) {
            frames.set(index, frame);
        }
    }

    private static byte[] join(List<byte[]> frames) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        frames.forEach(out::writeBytes);
        return out.toByteArray();
    }

    // ---- how it leaves

    /** Reads what comes at once, which must be well-formed, then leaves in one of the ways clients leave. */
    private void leave(RawAmqpClient client) {
        if (random.nextInt(3) > 0) {
            drain(client);
        }
        switch (random.nextInt(3)) {
            case 0 -> client.abort();
            case 1 -> client.close();
            default -> {
                client.shutdownOutput();
                drain(client);
            }
        }
        BROKER.release(client);
    }

    private static void drain(RawAmqpClient client) {
        int frames = 0;
        boolean more = true;
        while (more && frames < 1_000) {
            more = client.pollAnything(5);
            frames++;
        }
    }
}
