package io.leveret.broker.amqp.raw;

/** A method's class and method id, as they stand in a method frame and in the close that a method provoked. */
public record MethodId(int classId, int methodId) {
    /** What a close names when no method is to blame. */
    public static final MethodId NONE = new MethodId(0, 0);

    public static final MethodId CONNECTION_START = new MethodId(10, 10);
    public static final MethodId CONNECTION_START_OK = new MethodId(10, 11);
    public static final MethodId CONNECTION_SECURE_OK = new MethodId(10, 21);
    public static final MethodId CONNECTION_TUNE = new MethodId(10, 30);
    public static final MethodId CONNECTION_TUNE_OK = new MethodId(10, 31);
    public static final MethodId CONNECTION_OPEN = new MethodId(10, 40);
    public static final MethodId CONNECTION_OPEN_OK = new MethodId(10, 41);
    public static final MethodId CONNECTION_CLOSE = new MethodId(10, 50);
    public static final MethodId CONNECTION_CLOSE_OK = new MethodId(10, 51);
    public static final MethodId CONNECTION_BLOCKED = new MethodId(10, 60);
    public static final MethodId CONNECTION_UNBLOCKED = new MethodId(10, 61);
    public static final MethodId CONNECTION_UPDATE_SECRET = new MethodId(10, 70);
    public static final MethodId CONNECTION_UPDATE_SECRET_OK = new MethodId(10, 71);
    public static final MethodId CHANNEL_OPEN = new MethodId(20, 10);
    public static final MethodId CHANNEL_OPEN_OK = new MethodId(20, 11);
    public static final MethodId CHANNEL_FLOW = new MethodId(20, 20);
    public static final MethodId CHANNEL_FLOW_OK = new MethodId(20, 21);
    public static final MethodId CHANNEL_CLOSE = new MethodId(20, 40);
    public static final MethodId CHANNEL_CLOSE_OK = new MethodId(20, 41);
    public static final MethodId ACCESS_REQUEST = new MethodId(30, 10);
    public static final MethodId ACCESS_REQUEST_OK = new MethodId(30, 11);
    public static final MethodId EXCHANGE_DECLARE = new MethodId(40, 10);
    public static final MethodId EXCHANGE_DECLARE_OK = new MethodId(40, 11);
    public static final MethodId EXCHANGE_DELETE = new MethodId(40, 20);
    public static final MethodId EXCHANGE_BIND = new MethodId(40, 30);
    public static final MethodId EXCHANGE_BIND_OK = new MethodId(40, 31);
    public static final MethodId EXCHANGE_UNBIND = new MethodId(40, 40);
    public static final MethodId EXCHANGE_UNBIND_OK = new MethodId(40, 51);
    public static final MethodId QUEUE_DECLARE = new MethodId(50, 10);
    public static final MethodId QUEUE_DECLARE_OK = new MethodId(50, 11);
    public static final MethodId QUEUE_BIND = new MethodId(50, 20);
    public static final MethodId QUEUE_BIND_OK = new MethodId(50, 21);
    public static final MethodId QUEUE_PURGE = new MethodId(50, 30);
    public static final MethodId QUEUE_DELETE = new MethodId(50, 40);
    public static final MethodId QUEUE_UNBIND = new MethodId(50, 50);
    public static final MethodId QUEUE_UNBIND_OK = new MethodId(50, 51);
    public static final MethodId BASIC_QOS = new MethodId(60, 10);
    public static final MethodId BASIC_QOS_OK = new MethodId(60, 11);
    public static final MethodId BASIC_CONSUME = new MethodId(60, 20);
    public static final MethodId BASIC_CONSUME_OK = new MethodId(60, 21);
    public static final MethodId BASIC_CANCEL = new MethodId(60, 30);
    public static final MethodId BASIC_CANCEL_OK = new MethodId(60, 31);
    public static final MethodId BASIC_PUBLISH = new MethodId(60, 40);
    public static final MethodId BASIC_RETURN = new MethodId(60, 50);
    public static final MethodId BASIC_DELIVER = new MethodId(60, 60);
    public static final MethodId BASIC_GET = new MethodId(60, 70);
    public static final MethodId BASIC_GET_OK = new MethodId(60, 71);
    public static final MethodId BASIC_GET_EMPTY = new MethodId(60, 72);
    public static final MethodId BASIC_ACK = new MethodId(60, 80);
    public static final MethodId BASIC_RECOVER_ASYNC = new MethodId(60, 100);
    public static final MethodId BASIC_RECOVER = new MethodId(60, 110);
    public static final MethodId BASIC_RECOVER_OK = new MethodId(60, 111);
    public static final MethodId BASIC_CREDIT = new MethodId(60, 200);
    public static final MethodId CONFIRM_SELECT = new MethodId(85, 10);
    public static final MethodId CONFIRM_SELECT_OK = new MethodId(85, 11);
    public static final MethodId TX_SELECT_OK = new MethodId(90, 11);

    @Override
    public String toString() {
        return classId + "." + methodId;
    }
}
