package io.leveret.broker.amqp.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.impl.AMQImpl;
import com.rabbitmq.client.impl.MethodArgumentWriter;
import com.rabbitmq.client.impl.ValueWriter;
import io.leveret.broker.error.AmqpError;
import io.leveret.broker.error.ReplyCode;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AmqpMethodsTests {
    private static final FieldTable TABLE = FieldTable.builder()
            .put("product", FieldValue.of("x"))
            .put("x-max-length", FieldValue.of(10))
            .put("nested", FieldValue.of(FieldTable.EMPTY.with("on", FieldValue.of(true))))
            .build();
    private static final long LONG = 0xFEDC_BA98L;
    private static final long TAG = 0x0102_0304_0506_0708L;

    static Stream<AmqpMethod> methods() {
        return Stream.of(
                new ConnectionStart(0, 9, TABLE, "PLAIN AMQPLAIN", "en_US"),
                new ConnectionStartOk(TABLE, "PLAIN", new byte[] {0, 'u', 0, 'p'}, "en_US"),
                new ConnectionSecure(new byte[] {1, -1}),
                new ConnectionSecureOk(new byte[] {2, -2}),
                new ConnectionTune(2047, 131_072, 60),
                new ConnectionTuneOk(65_535, LONG, 0),
                new ConnectionOpen("/"),
                new ConnectionOpenOk(),
                new ConnectionClose(320, "CONNECTION_FORCED", 60, 40),
                new ConnectionCloseOk(),
                new ConnectionBlocked("low on memory"),
                new ConnectionUnblocked(),
                new ConnectionUpdateSecret(new byte[] {'s'}, "renewed"),
                new ConnectionUpdateSecretOk(),
                new ChannelOpen(),
                new ChannelOpenOk(),
                new ChannelFlow(true),
                new ChannelFlowOk(false),
                new ChannelClose(404, "NOT_FOUND - no queue 'ü'", 50, 10),
                new ChannelCloseOk(),
                new AccessRequest("/data", true, false, true, false, true),
                new AccessRequestOk(1),
                new ExchangeDeclare("e", "topic", false, true, false, true, false, TABLE),
                new ExchangeDeclareOk(),
                new ExchangeDelete("e", true, false),
                new ExchangeDeleteOk(),
                new ExchangeBind("d", "s", "k", false, TABLE),
                new ExchangeBindOk(),
                new ExchangeUnbind("d", "s", "k", true, TABLE),
                new ExchangeUnbindOk(),
                new QueueDeclare("q", false, true, false, true, true, TABLE),
                new QueueDeclareOk("q", LONG, 3),
                new QueueBind("q", "e", "k", true, TABLE),
                new QueueBindOk(),
                new QueuePurge("q", true),
                new QueuePurgeOk(LONG),
                new QueueDelete("q", false, true, false),
                new QueueDeleteOk(5),
                new QueueUnbind("q", "e", "k", TABLE),
                new QueueUnbindOk(),
                new BasicQos(LONG, 250, true),
                new BasicQosOk(),
                new BasicConsume("q", "tag", false, true, false, true, TABLE),
                new BasicConsumeOk("tag"),
                new BasicCancel("tag", true),
                new BasicCancelOk("tag"),
                new BasicPublish("e", "k", true, false),
                new BasicReturn(312, "NO_ROUTE", "e", "k"),
                new BasicDeliver("tag", TAG, true, "e", "k"),
                new BasicGet("q", true),
                new BasicGetOk(TAG, true, "e", "k", 7),
                new BasicGetEmpty(),
                new BasicAck(TAG, true),
                new BasicReject(TAG, false),
                new BasicRecoverAsync(true),
                new BasicRecover(true),
                new BasicRecoverOk(),
                new BasicNack(TAG, false, true),
                new ConfirmSelect(true),
                new ConfirmSelectOk(),
                new TxSelect(),
                new TxSelectOk(),
                new TxCommit(),
                new TxCommitOk(),
                new TxRollback(),
                new TxRollbackOk());
    }

    @ParameterizedTest
    @MethodSource("methods")
    void readsWhatItWrote(AmqpMethod method) {
        ByteBuf bytes = Unpooled.wrappedBuffer(write(method));
        AmqpMethod read = AmqpMethods.read(method.id(), bytes);
        assertThat(read).usingRecursiveComparison().isEqualTo(method);
        assertThat(read).hasSameClassAs(method);
        assertThat(bytes.readerIndex()).isZero();
    }

    @ParameterizedTest
    @MethodSource("methods")
    void writesWhatTheJavaClientReadsAndWrites(AmqpMethod method) throws IOException {
        var frame = new ByteArrayOutputStream();
        var out = new DataOutputStream(frame);
        out.writeInt(method.id());
        out.write(write(method));
        var read = AMQImpl.readMethodFrom(new DataInputStream(new ByteArrayInputStream(frame.toByteArray())));

        var written = new ByteArrayOutputStream();
        var writer = new MethodArgumentWriter(new ValueWriter(new DataOutputStream(written)));
        read.writeArgumentsTo(writer);
        writer.flush();
        assertThat(written.toByteArray()).hasSameSizeAs(write(method));
        // Not byte by byte: the client keeps tables in a HashMap, whose order differs from JDK to JDK.
        assertThat(AmqpMethods.read(method.id(), Unpooled.wrappedBuffer(written.toByteArray())))
                .usingRecursiveComparison()
                .isEqualTo(method);
    }

    @ParameterizedTest
    @MethodSource("methods")
    void refusesArgumentsOfAnotherLength(AmqpMethod method) {
        byte[] bytes = write(method);
        for (int length = 0; length <= bytes.length + 1; length++) {
            ByteBuf changed = Unpooled.wrappedBuffer(Arrays.copyOf(bytes, length));
            if (length != bytes.length) {
                assertThatThrownBy(() -> AmqpMethods.read(method.id(), changed))
                        .isInstanceOf(MethodFormatException.class);
            }
        }
    }

    @Test
    void hasASampleOfEveryMethod() {
        Set<Class<?>> samples = methods().map(Object::getClass).collect(Collectors.toSet());
        Set<Class<?>> all = Arrays.stream(AmqpMethod.class.getPermittedSubclasses())
                .flatMap(family -> Arrays.stream(family.getPermittedSubclasses()))
                .collect(Collectors.toSet());
        assertThat(samples).isEqualTo(all);
    }

    @Test
    void knowsExactlyTheseIds() {
        Set<Integer> ids = methods().map(AmqpMethod::id).collect(Collectors.toCollection(TreeSet::new));
        assertThat(ids).hasSize((int) methods().count());
        for (int classId = 0; classId < 100; classId++) {
            for (int methodId = 0; methodId < 256; methodId++) {
                int id = classId << 16 | methodId;
                assertThat(AmqpMethods.isKnown(id)).isEqualTo(ids.contains(id));
                if (!ids.contains(id)) {
                    assertThat(AmqpMethods.read(id, Unpooled.EMPTY_BUFFER)).isNull();
                }
            }
        }
    }

    @Test
    void packsBitsFromTheLowest() {
        var declare = new QueueDeclare("q", false, true, false, true, true, FieldTable.EMPTY);
        assertThat(write(declare)).isEqualTo(HexFormat.of().parseHex("0000" + "0171" + "1a" + "00000000"));
    }

    @Test
    void ignoresReservedFields() {
        ByteBuf open = Unpooled.wrappedBuffer(HexFormat.of().parseHex("012f" + "0578797a7879" + "ff"));
        assertThat(AmqpMethods.read(ConnectionOpen.ID, open)).isEqualTo(new ConnectionOpen("/"));
        ByteBuf get = Unpooled.wrappedBuffer(HexFormat.of().parseHex("ffff" + "0171" + "01"));
        assertThat(AmqpMethods.read(BasicGet.ID, get)).isEqualTo(new BasicGet("q", true));
    }

    @Test
    void readsOnlyTheReadableBytesOfABuffer() {
        ByteBuf buffer = Unpooled.buffer().writeLong(-1);
        new BasicAck(TAG, true).writeTo(buffer);
        buffer.writeLong(-1).skipBytes(Long.BYTES).writerIndex(buffer.writerIndex() - Long.BYTES);
        assertThat(AmqpMethods.read(BasicAck.ID, buffer)).isEqualTo(new BasicAck(TAG, true));
    }

    @Test
    void explainsWrongLengthsAsRabbitMqDoes() {
        assertThatThrownBy(() -> AmqpMethods.read(BasicQos.ID, Unpooled.wrappedBuffer(new byte[] {0, 1, -1})))
                .hasMessage("cannot decode <<0,1,255>>");
        assertThatThrownBy(() -> AmqpMethods.read(BasicQos.ID, Unpooled.EMPTY_BUFFER))
                .hasMessage("cannot decode <<>>");
    }

    @Test
    void refusesNamesThatAreNoUtf8() {
        byte[] bytes = write(new BasicConsumeOk("xy"));
        bytes[1] = (byte) 0xFF;
        assertThatThrownBy(() -> AmqpMethods.read(BasicConsumeOk.ID, Unpooled.wrappedBuffer(bytes)))
                .isInstanceOfSatisfying(AmqpError.class, error -> {
                    assertThat(error.replyCode()).isEqualTo(ReplyCode.FRAME_ERROR);
                    assertThat(error.explanation()).isEqualTo("Malformed UTF-8 in shortstr");
                    assertThat(error.isHard()).isTrue();
                });
    }

    @Test
    void takesAnyBytesInWhatIsPublished() {
        byte[] bytes = write(new BasicPublish("ab", "cd", false, false));
        bytes[3] = (byte) 0xFF;
        bytes[6] = (byte) 0xC3;
        var publish = AmqpMethods.read(BasicPublish.ID, Unpooled.wrappedBuffer(bytes));
        assertThat(publish).isNotNull();
        assertThat(write(publish)).isEqualTo(bytes);
    }

    @Test
    void tellsAnUndecodableTableFromAWrongLength() {
        byte[] bytes = write(new QueueUnbind("q", "e", "k", FieldTable.EMPTY.with("a", FieldValue.of(true))));
        bytes[bytes.length - 2] = 'Z';
        assertThatThrownBy(() -> AmqpMethods.read(QueueUnbind.ID, Unpooled.wrappedBuffer(bytes)))
                .isInstanceOf(TableFormatException.class);
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
        assertThatThrownBy(() -> AmqpMethods.read(QueueUnbind.ID, Unpooled.wrappedBuffer(longer)))
                .isInstanceOf(MethodFormatException.class);
    }

    @Test
    void reportsTheFirstOfSeveralBadFields() {
        byte[] bytes = write(new QueueUnbind("q", "e", "k", FieldTable.EMPTY.with("a", FieldValue.of(true))));
        bytes[bytes.length - 2] = 'Z';
        bytes[3] = (byte) 0xFF;
        assertThatThrownBy(() -> AmqpMethods.read(QueueUnbind.ID, Unpooled.wrappedBuffer(bytes)))
                .isInstanceOf(AmqpError.class);
    }

    @Test
    void refusesToWriteAShortStringThatIsTooLong() {
        assertThat(write(new BasicConsumeOk("x".repeat(255)))).hasSize(256);
        var method = new BasicConsumeOk("x".repeat(256));
        assertThatThrownBy(() -> write(method)).isInstanceOf(IllegalArgumentException.class);
    }

    private static byte[] write(AmqpMethod method) {
        ByteBuf out = Unpooled.buffer();
        method.writeTo(out);
        return ByteBufUtil.getBytes(out);
    }
}
