package io.leveret.broker.text;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Turns the bytes of AMQP strings into Java strings and back without losing any: AMQP calls them UTF-8 but RabbitMQ
 * compares routing keys and header values byte by byte and never checks them. A byte that is not part of valid UTF-8
 * becomes a lone low surrogate U+DC80 to U+DCFF, which no valid input can produce, so that two strings are equal exactly
 * when their bytes are.
 */
public final class Utf8 {
    private static final int ESCAPE = 0xDC00;

    private Utf8() {}

    /** Decodes without loss; never fails. */
    public static String decode(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (bytes[i] < 0) {
                return decodeNonAscii(bytes, offset, length);
            }
        }
        return new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
    }

    /** Whether the bytes are well-formed UTF-8. */
    public static boolean isValid(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (bytes[i] < 0) {
                return tryDecode(ByteBuffer.wrap(bytes, offset, length)) != null;
            }
        }
        return true;
    }

    /** The bytes that {@link #decode} was given. */
    public static byte[] encode(String text) {
        boolean escaped = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c)) {
                i++;
            } else if (Character.isLowSurrogate(c)) {
                escaped = true;
                break;
            }
        }
        return escaped ? encodeEscaped(text) : text.getBytes(StandardCharsets.UTF_8);
    }

    private static @org.jspecify.annotations.Nullable String tryDecode(ByteBuffer bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(bytes)
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static String decodeNonAscii(byte[] bytes, int offset, int length) {
        String valid = tryDecode(ByteBuffer.wrap(bytes, offset, length));
        if (valid != null) {
            return valid;
        }
        var decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes, offset, length);
        CharBuffer out = CharBuffer.allocate(length);
        while (in.hasRemaining()) {
            decoder.reset();
            var result = decoder.decode(in, out, true);
            if (result.isUnderflow()) {
                break;
            }
            for (int i = 0; i < result.length(); i++) {
                out.put((char) (ESCAPE | (in.get() & 0xFF)));
            }
        }
        return out.flip().toString();
    }

    private static byte[] encodeEscaped(String text) {
        var out = new java.io.ByteArrayOutputStream(text.length() + 16);
        for (int i = 0; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            if (codePoint >= 0xDC80 && codePoint <= 0xDCFF) {
                out.write(codePoint & 0xFF);
            } else {
                out.writeBytes(Character.toString(codePoint).getBytes(StandardCharsets.UTF_8));
            }
            i += Character.charCount(codePoint);
        }
        return out.toByteArray();
    }
}
