package io.leveret.broker.amqp;

import io.leveret.broker.amqp.method.ConnectionClose;
import io.leveret.broker.amqp.method.MethodFormatException;
import io.leveret.broker.error.AmqpError;
import io.leveret.broker.error.ReplyCode;
import io.leveret.broker.message.MalformedPropertiesException;
import io.leveret.broker.message.MalformedTableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a client is told when a request of its fails, as RabbitMQ tells it. */
final class Violations {
    private static final Logger LOG = LoggerFactory.getLogger(Violations.class);

    private Violations() {}

    /** The error that stands for a failure; one that should not happen is logged, and is 541 to the client. */
    static AmqpError asAmqpError(RuntimeException cause) {
        if (cause instanceof AmqpError error) {
            return error;
        }
        if (cause instanceof MethodFormatException) {
            return AmqpError.of(ReplyCode.FRAME_ERROR, String.valueOf(cause.getMessage()));
        }
        if (!(cause instanceof MalformedPropertiesException) && !(cause instanceof MalformedTableException)) {
            LOG.error("a request failed in a way it should not", cause);
        }
        return internalError();
    }

    static AmqpError internalError() {
        return AmqpError.of(ReplyCode.INTERNAL_ERROR, "").causedBy(AmqpError.NO_METHOD);
    }

    static AmqpError unexpectedIn(ConnectionState state) {
        return AmqpError.of(ReplyCode.CHANNEL_ERROR, "unexpected method in connection state " + state);
    }

    /** @param methodId of the request, unless the error says otherwise */
    static ConnectionClose closeFor(AmqpError error, int methodId) {
        int cause = error.methodId(methodId);
        return new ConnectionClose(error.replyCode().code(), error.replyText(), cause >>> 16, cause & 0xFFFF);
    }
}
