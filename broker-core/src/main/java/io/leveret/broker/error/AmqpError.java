package io.leveret.broker.error;

import io.leveret.broker.text.Utf8;

/**
 * A violation of the protocol or a refusal, as RabbitMQ would report it: a reply code and RabbitMQ's wording. Thrown
 * anywhere in the broker, turned into {@code channel.close} or {@code connection.close} in exactly one place, the
 * dispatcher of the protocol.
 *
 * <p>It carries no stack trace: it is an answer to a client, not a fault of the broker.
 */
public final class AmqpError extends RuntimeException {
    /** Stands for no method in {@link #causedBy}: class 0, method 0 on the wire. */
    public static final int NO_METHOD = 0;

    private static final int OF_THE_REQUEST = -1;
    private static final int MAX_REPLY_TEXT_BYTES = 255;
    private static final String CUT = "...";

    private final ReplyCode replyCode;
    private final boolean hard;
    private final int methodId;

    private AmqpError(ReplyCode replyCode, boolean hard, String explanation, int methodId) {
        super(explanation, null, false, false);
        this.replyCode = replyCode;
        this.hard = hard;
        this.methodId = methodId;
    }

    /** An error of the severity its code has by default. */
    public static AmqpError of(ReplyCode replyCode, String explanation) {
        return new AmqpError(replyCode, replyCode.isHard(), explanation, OF_THE_REQUEST);
    }

    /** An error that ends the connection whatever its code, such as 403 while logging in. */
    public static AmqpError hard(ReplyCode replyCode, String explanation) {
        return new AmqpError(replyCode, true, explanation, OF_THE_REQUEST);
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

    /**
     * The same error naming another method than the one being carried out.
     *
     * @param id class id in the upper, method id in the lower 16 bits; {@link #NO_METHOD} for none
     */
    public AmqpError causedBy(int id) {
        return new AmqpError(replyCode, hard, explanation(), id);
    }

    /** The method to name in the close, given the one being carried out. */
    public int methodId(int ofTheRequest) {
        return methodId == OF_THE_REQUEST ? ofTheRequest : methodId;
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
     * The text on the wire: {@code NAME - explanation}, or the bare name when there is no explanation (RabbitMQ's 541).
     * More than 255 bytes are cut to 252 and three dots, in the middle of a character if need be, as RabbitMQ does; see
     * {@link Utf8} for how such a half is kept.
     */
    public String replyText() {
        String text = explanation().isEmpty() ? replyCode.name() : replyCode.name() + " - " + explanation();
        byte[] utf8 = Utf8.encode(text);
        return utf8.length <= MAX_REPLY_TEXT_BYTES
                ? text
                : Utf8.decode(utf8, 0, MAX_REPLY_TEXT_BYTES - CUT.length()) + CUT;
    }
}
