package io.leveret.broker.benchmarks.load;

/** The AMQP 0-9-1 method ids the generator knows, each as {@code class << 16 | method}. */
public final class Methods {
    public static final int CONNECTION_START = 10 << 16 | 10;
    public static final int CONNECTION_START_OK = 10 << 16 | 11;
    public static final int CONNECTION_TUNE = 10 << 16 | 30;
    public static final int CONNECTION_TUNE_OK = 10 << 16 | 31;
    public static final int CONNECTION_OPEN = 10 << 16 | 40;
    public static final int CONNECTION_OPEN_OK = 10 << 16 | 41;
    public static final int CONNECTION_CLOSE = 10 << 16 | 50;
    public static final int CONNECTION_CLOSE_OK = 10 << 16 | 51;
    public static final int CONNECTION_BLOCKED = 10 << 16 | 60;
    public static final int CONNECTION_UNBLOCKED = 10 << 16 | 61;
    public static final int CHANNEL_OPEN = 20 << 16 | 10;
    public static final int CHANNEL_OPEN_OK = 20 << 16 | 11;
    public static final int CHANNEL_CLOSE = 20 << 16 | 40;
    public static final int EXCHANGE_DECLARE = 40 << 16 | 10;
    public static final int EXCHANGE_DELETE = 40 << 16 | 20;
    public static final int QUEUE_DECLARE = 50 << 16 | 10;
    public static final int QUEUE_DECLARE_OK = 50 << 16 | 11;
    public static final int QUEUE_BIND = 50 << 16 | 20;
    public static final int QUEUE_DELETE = 50 << 16 | 40;
    public static final int BASIC_QOS = 60 << 16 | 10;
    public static final int BASIC_CONSUME = 60 << 16 | 20;
    public static final int BASIC_CANCEL = 60 << 16 | 30;
    public static final int BASIC_PUBLISH = 60 << 16 | 40;
    public static final int BASIC_RETURN = 60 << 16 | 50;
    public static final int BASIC_DELIVER = 60 << 16 | 60;
    public static final int BASIC_ACK = 60 << 16 | 80;
    public static final int BASIC_NACK = 60 << 16 | 120;
    public static final int CONFIRM_SELECT = 85 << 16 | 10;

    private Methods() {}

    static String name(int method) {
        return (method >>> 16) + "." + (method & 0xffff);
    }
}
