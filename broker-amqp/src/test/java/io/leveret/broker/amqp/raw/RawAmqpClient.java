package io.leveret.broker.amqp.raw;

import static io.leveret.broker.amqp.raw.Wire.octets;
import static io.leveret.broker.amqp.raw.Wire.wire;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A client that sends what it is told, right or wrong, and says exactly what came back. Blocking and for one thread;
 * every wait is bounded.
 */
public final class RawAmqpClient implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 60_000;

    /** The server's frame_max, which no client here raises. */
    private static final int MAX_LENGTH = 131_072;

    private final Socket socket;
    private final DataInputStream in;

    private RawAmqpClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
    }

    /** Connects and says nothing yet. */
    public static RawAmqpClient open(String host, int port) {
        try {
            Socket socket = new Socket(host, port);
            socket.setTcpNoDelay(true);
            return new RawAmqpClient(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // ---- sending

    public RawAmqpClient send(byte... bytes) {
        try {
            socket.getOutputStream().write(bytes);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends, and tells whether the socket still took it. */
    public boolean offer(byte... bytes) {
        try {
            socket.getOutputStream().write(bytes);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    public RawAmqpClient protocolHeader() {
        return protocolHeader(0, 0, 9, 1);
    }

    public RawAmqpClient protocolHeader(int... lastFour) {
        return send(wire().bytes(Wire.utf8("AMQP")).bytes(octets(lastFour)).toBytes());
    }

    public RawAmqpClient frame(int type, int channel, byte... payload) {
        return send(RawFrame.encode(type, channel, payload));
    }

    public RawAmqpClient frameEndingWith(int end, int type, int channel, byte... payload) {
        return send(RawFrame.encode(type, channel, payload, end));
    }

    /** Sends the seven octets in front of a payload that never comes. */
    public RawAmqpClient frameHead(int type, int channel, long payloadLength) {
        return send(
                wire().octet(type).shortUint(channel).longUint(payloadLength).toBytes());
    }

    public RawAmqpClient method(int channel, MethodId method, Wire arguments) {
        return send(RawFrame.encodeMethod(channel, method, arguments));
    }

    public RawAmqpClient method(int channel, MethodId method) {
        return method(channel, method, wire());
    }

    public RawAmqpClient heartbeat() {
        return frame(RawFrame.HEARTBEAT, 0);
    }

    /** A content header of class basic without properties. */
    public RawAmqpClient header(int channel, long bodySize) {
        return header(channel, bodySize, 0);
    }

    public RawAmqpClient header(int channel, long bodySize, int flags, byte... properties) {
        return header(channel, 60, 0, bodySize, flags, properties);
    }

    public RawAmqpClient header(int channel, int classId, int weight, long bodySize, int flags, byte... properties) {
        return frame(
                RawFrame.HEADER,
                channel,
                wire().shortUint(classId)
                        .shortUint(weight)
                        .longlong(bodySize)
                        .shortUint(flags)
                        .bytes(properties)
                        .toBytes());
    }

    public RawAmqpClient body(int channel, byte... bytes) {
        return frame(RawFrame.BODY, channel, bytes);
    }

    public RawAmqpClient body(int channel, String text) {
        return body(channel, Wire.utf8(text));
    }

    /** The method frame of a publish alone. */
    public RawAmqpClient publishMethod(int channel, String exchange, String routingKey) {
        return method(
                channel,
                MethodId.BASIC_PUBLISH,
                wire().shortUint(0).shortStr(exchange).shortStr(routingKey).octet(0));
    }

    /** A whole message; its body goes in one frame, or in none when it is empty. */
    public RawAmqpClient publish(int channel, String exchange, String routingKey, byte... body) {
        publishMethod(channel, exchange, routingKey).header(channel, body.length);
        return body.length == 0 ? this : body(channel, body);
    }

    public RawAmqpClient sendQueueDeclare(int channel, String queue, int bits) {
        return method(channel, MethodId.QUEUE_DECLARE, queueDeclare(Wire.utf8(queue), bits));
    }

    public static Wire queueDeclare(byte[] queue, int bits) {
        return wire().shortUint(0).shortStr(queue).octet(bits).emptyTable();
    }

    // ---- conversations

    public RawAmqpClient handshake() {
        return handshake(Handshake.guest());
    }

    /** Everything up to connection.open-ok. */
    public RawAmqpClient handshake(Handshake handshake) {
        tuned(handshake).method(0, MethodId.CONNECTION_OPEN, handshake.open());
        expect(0, MethodId.CONNECTION_OPEN_OK);
        return this;
    }

    /** Everything up to and including connection.tune-ok, which has no answer. */
    public RawAmqpClient tuned(Handshake handshake) {
        return authenticated(handshake).method(0, MethodId.CONNECTION_TUNE_OK, handshake.tuneOk());
    }

    /** Everything up to connection.tune. */
    public RawAmqpClient authenticated(Handshake handshake) {
        started().method(0, MethodId.CONNECTION_START_OK, handshake.startOk());
        expect(0, MethodId.CONNECTION_TUNE);
        return this;
    }

    /** Everything up to connection.start. */
    public RawAmqpClient started() {
        protocolHeader();
        expect(0, MethodId.CONNECTION_START);
        return this;
    }

    public RawAmqpClient channel(int channel) {
        method(channel, MethodId.CHANNEL_OPEN, wire().shortStr(""));
        expect(channel, MethodId.CHANNEL_OPEN_OK);
        return this;
    }

    public RawAmqpClient closeChannel(int channel) {
        method(channel, MethodId.CHANNEL_CLOSE, CloseReason.normal());
        expect(channel, MethodId.CHANNEL_CLOSE_OK);
        return this;
    }

    /** Declares an exclusive, auto-delete queue; the empty name lets the server choose. Returns the name. */
    public String declare(int channel, String queue) {
        sendQueueDeclare(channel, queue, QueueBits.EXCLUSIVE | QueueBits.AUTO_DELETE);
        return expect(channel, MethodId.QUEUE_DECLARE_OK).shortStr();
    }

    /** Gets a message, which must be there, and acknowledges it at once. */
    public Content get(int channel, String queue) {
        method(channel, MethodId.BASIC_GET, wire().shortUint(0).shortStr(queue).octet(1));
        return expectContent(channel, MethodId.BASIC_GET_OK);
    }

    /**
     * Has the channel answer a request, which proves that nothing was sent before that answer: the way to see that a
     * method has no reply.
     */
    public RawAmqpClient ping(int channel) {
        method(channel, MethodId.CHANNEL_FLOW, wire().octet(1));
        expect(channel, MethodId.CHANNEL_FLOW_OK);
        return this;
    }

    /** Closes in order; the answer must be the next frame. */
    public RawAmqpClient closeConnection() {
        method(0, MethodId.CONNECTION_CLOSE, CloseReason.normal());
        expect(0, MethodId.CONNECTION_CLOSE_OK);
        return this;
    }

    // ---- expectations

    /** The next frame, whatever it is. */
    public RawFrame read() {
        return poll(TIMEOUT_MILLIS).orElseGet(() -> fail("no frame within " + TIMEOUT_MILLIS + " ms"));
    }

    /** The next frame if it begins within the time given. */
    public Optional<RawFrame> poll(int millis) {
        try {
            int type = firstOctet(millis);
            assertThat(type)
                    .as("the first octet of a frame, not the end of the stream")
                    .isNotEqualTo(-1);
            return Optional.of(rest(type));
        } catch (SocketTimeoutException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next frame must be this method; returns its arguments. */
    public WireReader expect(int channel, MethodId method) {
        RawFrame frame = read();
        assertThat(frame.isMethod(method) && frame.channel() == channel)
                .as("expected %s on channel %s, got %s", method, channel, frame)
                .isTrue();
        return frame.arguments();
    }

    /** The next frames must be this method and its content. */
    public Content expectContent(int channel, MethodId method) {
        WireReader arguments = expect(channel, method);
        RawFrame header = read();
        assertThat(header.type()).as("%s", header).isEqualTo(RawFrame.HEADER);
        WireReader in = new WireReader(header.payload(), 0);
        assertThat(in.shortUint()).as("class").isEqualTo(60);
        assertThat(in.shortUint()).as("weight").isZero();
        long size = in.longlong();
        int flags = in.shortUint();
        byte[] properties = in.bytes(in.remaining());
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        List<Integer> sizes = new ArrayList<>();
        while (body.size() < size) {
            RawFrame frame = read();
            assertThat(frame.type()).as("%s", frame).isEqualTo(RawFrame.BODY);
            assertThat(frame.channel()).as("%s", frame).isEqualTo(channel);
            body.writeBytes(frame.payload());
            sizes.add(frame.payload().length);
        }
        return new Content(arguments, flags, properties, body.toByteArray(), sizes);
    }

    /** The next frame must be connection.close with exactly this. */
    public RawAmqpClient expectConnectionClose(int code, String text, MethodId cause) {
        assertThat(CloseReason.read(expect(0, MethodId.CONNECTION_CLOSE)))
                .isEqualTo(new CloseReason(code, text, cause));
        return this;
    }

    /** The next frame must be channel.close with exactly this. */
    public RawAmqpClient expectChannelClose(int channel, int code, String text, MethodId cause) {
        assertThat(CloseReason.read(expect(channel, MethodId.CHANNEL_CLOSE)))
                .isEqualTo(new CloseReason(code, text, cause));
        return this;
    }

    /** Nothing but heartbeats may come before the server closes the socket. */
    public RawAmqpClient expectClosed() {
        return expectClosedWithin(TIMEOUT_MILLIS);
    }

    public RawAmqpClient expectClosedWithin(int millis) {
        long deadline = System.nanoTime() + millis * 1_000_000L;
        while (true) {
            long left = Math.max(1, (deadline - System.nanoTime()) / 1_000_000);
            try {
                int type = firstOctet((int) left);
                if (type == -1) {
                    return this;
                }
                RawFrame frame = rest(type);
                assertThat(frame.type()).as("a frame before the end: %s", frame).isEqualTo(RawFrame.HEARTBEAT);
            } catch (SocketTimeoutException e) {
                return fail("the socket is still open after " + millis + " ms");
            } catch (SocketException e) {
                // A reset, which is RabbitMQ's way to close (it sets SO_LINGER to 0).
                return this;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The server must answer with a protocol header; returns its last four octets. */
    public byte[] expectProtocolHeader() {
        try {
            byte[] header = new byte[8];
            socket.setSoTimeout(TIMEOUT_MILLIS);
            in.readFully(header);
            WireReader reader = new WireReader(header, 0);
            assertThat(reader.bytes(4)).isEqualTo(Wire.utf8("AMQP"));
            return reader.bytes(4);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads a frame or a protocol header if one begins within the time given, failing if it is neither. Tells whether
     * there was one; the end of the stream counts as nothing.
     */
    public boolean pollAnything(int millis) {
        try {
            int first = firstOctet(millis);
            if (first == 'A') {
                socket.setSoTimeout(TIMEOUT_MILLIS);
                byte[] header = new byte[7];
                in.readFully(header);
                assertThat(Arrays.copyOf(header, 3)).isEqualTo(Wire.utf8("MQP"));
                return true;
            }
            if (first == -1) {
                return false;
            }
            assertThat(first)
                    .as("frame type")
                    .isIn(RawFrame.METHOD, RawFrame.HEADER, RawFrame.BODY, RawFrame.HEARTBEAT);
            rest(first);
            return true;
        } catch (EOFException e) {
            return fail("the stream ends in the middle of a frame");
        } catch (SocketTimeoutException | SocketException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int firstOctet(int millis) throws IOException {
        socket.setSoTimeout(millis);
        return in.read();
    }

    private RawFrame rest(int type) throws IOException {
        socket.setSoTimeout(TIMEOUT_MILLIS);
        int channel = in.readUnsignedShort();
        int length = in.readInt();
        assertThat(length).as("length of a frame of type %s", type).isBetween(0, MAX_LENGTH);
        byte[] payload = new byte[length];
        in.readFully(payload);
        assertThat(in.readUnsignedByte())
                .as("end octet of a frame of type %s on channel %s", type, channel)
                .isEqualTo(RawFrame.END);
        return new RawFrame(type, channel, payload);
    }

    // ---- leaving

    /** Sends a FIN, unless the socket is gone already, and goes on reading. */
    public void shutdownOutput() {
        try {
            socket.shutdownOutput();
        } catch (SocketException e) {
            assertThat(socket.isClosed()).as("closed by this client").isFalse();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes with a reset instead of a FIN. */
    public void abort() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
