package io.leveret.broker.error;

import java.nio.charset.StandardCharsets;

/**
 * A violation of the protocol or a refusal, as RabbitMQ would report it: a reply code and RabbitMQ's wording. Thrown
 * anywhere in the broker, turned into {@code channel.close} or {@code connection.close} in exactly one place, the
 * dispatcher of the protocol.
 *
 * <p>It carries no stack trace: it is an answer to a client, not a fault of the broker.
 */
public final class AmqpError extends RuntimeException {
    private static final int MAX_REPLY_TEXT_BYTES = 255;

    private final ReplyCode replyCode;
    private final boolean hard;

    private AmqpError(ReplyCode replyCode, boolean hard, String explanation) {
        super(explanation, null, false, false);
        this.replyCode = replyCode;
        this.hard = hard;
    }

    /** An error of the severity its code has by default. */
    public static AmqpError of(ReplyCode replyCode, String explanation) {
        return new AmqpError(replyCode, replyCode.isHard(), explanation);
    }

    /** An error that ends the connection whatever its code, such as 403 while logging in. */
    public static AmqpError hard(ReplyCode replyCode, String explanation) {
        return new AmqpError(replyCode, true, explanation);
    }

    public static AmqpError accessRefused(String explanation) {
        return of(ReplyCode.ACCESS_REFUSED, explanation);
    }

    public static AmqpError notFound(String explanation) {
        return of(ReplyCode.NOT_FOUND, explanation);
    }

    public static AmqpError resourceLocked(String explanation) {
        return of(ReplyCode.RESOURCE_LOCKED, explanation);
    }

    public static AmqpError preconditionFailed(String explanation) {
        return of(ReplyCode.PRECONDITION_FAILED, explanation);
    }

    public static AmqpError notAllowed(String explanation) {
        return of(ReplyCode.NOT_ALLOWED, explanation);
    }

    public static AmqpError notImplemented(String explanation) {
        return of(ReplyCode.NOT_IMPLEMENTED, explanation);
    }

    public ReplyCode replyCode() {
        return replyCode;
    }

    /** Whether the connection, not only the channel, has to be closed. */
    public boolean isHard() {
        return hard;
    }

    /** The part of the text that follows the name of the code. */
    public String explanation() {
        return String.valueOf(getMessage());
    }

    /**
     * The text on the wire: {@code NAME - explanation}, cut to 255 bytes of UTF-8 without splitting a character; the
     * bare name when there is no explanation (RabbitMQ's 541).
     */
    public String replyText() {
        String text = explanation().isEmpty() ? replyCode.name() : replyCode.name() + " - " + explanation();
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        if (utf8.length <= MAX_REPLY_TEXT_BYTES) {
            return text;
        }
        int end = MAX_REPLY_TEXT_BYTES;
        while ((utf8[end] & 0xC0) == 0x80) {
            end--;
        }
        return new String(utf8, 0, end, StandardCharsets.UTF_8);
    }
}
