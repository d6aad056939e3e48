package io.leveret.broker.exchange;

import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import io.leveret.broker.message.Utf8;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Arguments in Erlang's external term format, because RabbitMQ's HTTP API names a binding by the MD5 sum of that
 * (rabbit_mgmt_format: args_hash). The tags are those that Erlang/OTP 26 and later write.
 */
final class ErlangExternalFormat {
    private static final int VERSION = 131;
    private static final int NEW_FLOAT = 70;
    private static final int SMALL_INTEGER = 97;
    private static final int INTEGER = 98;
    private static final int SMALL_TUPLE = 104;
    private static final int NIL = 106;
    private static final int LIST = 108;
    private static final int BINARY = 109;
    private static final int SMALL_BIG = 110;
    private static final int SMALL_ATOM_UTF8 = 119;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private ErlangExternalFormat() {}

    /** The hash that stands for the arguments of a binding: URL-safe Base64 without padding. */
    static String hashOf(FieldTable arguments) {
        ErlangExternalFormat format = new ErlangExternalFormat();
        format.out.write(VERSION);
        format.writeTable(new TreeMap<>(arguments.asMap()));
        try {
            byte[] md5 = MessageDigest.getInstance("MD5").digest(format.out.toByteArray());
            return Base64.getUrlEncoder().withoutPadding().encodeToString(md5);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }

    private void writeTable(Map<String, FieldValue> fields) {
        writeListStart(fields.size());
        fields.forEach((key, value) -> {
            writeTupleStart(3);
            writeBinary(Utf8.encode(key));
            writeAtom(value.typeName());
            writeValue(value);
        });
        out.write(NIL);
    }

    private void writeArray(List<FieldValue> elements) {
        writeListStart(elements.size());
        for (FieldValue element : elements) {
            writeTupleStart(2);
            writeAtom(element.typeName());
            writeValue(element);
        }
        out.write(NIL);
    }

    private void writeValue(FieldValue value) {
        Object content = value.value();
        if (content == null) {
            writeAtom("undefined");
        } else if (content instanceof Boolean flag) {
            writeAtom(flag.toString());
        } else if (content instanceof Long number) {
            writeInteger(number);
        } else if (content instanceof Float || content instanceof Double) {
            out.write(NEW_FLOAT);
            write(ByteBuffer.allocate(8).putDouble(((Number) content).doubleValue()));
        } else if (content instanceof BigDecimal decimal) {
            writeTupleStart(2);
            writeInteger(decimal.scale());
            writeInteger(decimal.unscaledValue().longValue());
        } else if (content instanceof String text) {
            writeBinary(Utf8.encode(text));
        } else if (content instanceof byte[] bytes) {
            writeBinary(bytes);
        } else if (content instanceof FieldTable table) {
            writeTable(table.asMap());
        } else {
            writeArray(value.asArray());
        }
    }

    private void writeInteger(long number) {
        if (number >= 0 && number <= 255) {
            out.write(SMALL_INTEGER);
            out.write((int) number);
        } else if (number == (int) number) {
            out.write(INTEGER);
            writeInt((int) number);
        } else {
            byte[] bigEndian = BigInteger.valueOf(number).abs().toByteArray();
            int leadingZeros = bigEndian[0] == 0 ? 1 : 0;
            out.write(SMALL_BIG);
            out.write(bigEndian.length - leadingZeros);
            out.write(number < 0 ? 1 : 0);
            for (int i = bigEndian.length - 1; i >= leadingZeros; i--) {
                out.write(bigEndian[i]);
            }
        }
    }

    private void writeAtom(String name) {
        byte[] utf8 = Utf8.encode(name);
        out.write(SMALL_ATOM_UTF8);
        out.write(utf8.length);
        out.writeBytes(utf8);
    }

    private void writeBinary(byte[] bytes) {
        out.write(BINARY);
        writeInt(bytes.length);
        out.writeBytes(bytes);
    }

    private void writeTupleStart(int arity) {
        out.write(SMALL_TUPLE);
        out.write(arity);
    }

    private void writeListStart(int size) {
        if (size > 0) {
            out.write(LIST);
            writeInt(size);
        }
    }

    private void writeInt(int number) {
        write(ByteBuffer.allocate(4).putInt(number));
    }

    private void write(ByteBuffer bytes) {
        out.writeBytes(bytes.array());
    }
}
