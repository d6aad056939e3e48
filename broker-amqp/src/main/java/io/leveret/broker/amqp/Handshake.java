package io.leveret.broker.amqp;

import io.leveret.broker.amqp.method.AmqpMethod;
import io.leveret.broker.amqp.method.ConnectionOpen;
import io.leveret.broker.amqp.method.ConnectionOpenOk;
import io.leveret.broker.amqp.method.ConnectionSecure;
import io.leveret.broker.amqp.method.ConnectionSecureOk;
import io.leveret.broker.amqp.method.ConnectionStart;
import io.leveret.broker.amqp.method.ConnectionStartOk;
import io.leveret.broker.amqp.method.ConnectionTune;
import io.leveret.broker.amqp.method.ConnectionTuneOk;
import io.leveret.broker.amqp.sasl.SaslMechanism;
import io.leveret.broker.amqp.sasl.SaslMechanisms;
import io.leveret.broker.amqp.sasl.SaslResult;
import io.leveret.broker.auth.User;
import io.leveret.broker.error.AmqpError;
import io.leveret.broker.error.ReplyCode;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import java.net.InetAddress;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A connection from its first bytes until it is open: protocol header, authentication, tuning, virtual host. Owned by the
 * connection's loop.
 */
final class Handshake {
    private static final long AMQP_0_9_1 = 0x414D5150_00000901L;
    private static final long AMQP_0_9 = 0x414D5150_01010009L;
    private static final long AMQP_PREFIX = 0x414D5150L;
    private static final long AMQP_1_0_SASL = 0x414D5150_03010000L;
    /** Type handshake and the major number of all versions since SSL 3.0. */
    private static final long TLS_HANDSHAKE_RECORD = 0x1603L;

    private final AmqpConnection connection;
    private final ServerContext server;
    private final InetAddress peer;
    private ConnectionState state = ConnectionState.PROTOCOL_HEADER;
    private FieldTable clientCapabilities = FieldTable.EMPTY;
    private String mechanismName = "";
    private @Nullable SaslMechanism mechanism;
    private @Nullable User user;

    Handshake(AmqpConnection connection, ServerContext server, InetAddress peer) {
        this.connection = connection;
        this.server = server;
        this.peer = peer;
    }

    ConnectionState state() {
        return state;
    }

    boolean clientCan(String capability) {
        FieldValue value = clientCapabilities.get(capability);
        return value != null && Boolean.TRUE.equals(value.value());
    }

    void onProtocolHeader(long header) {
        if (header == AMQP_0_9_1 || header == AMQP_0_9) {
            state = ConnectionState.STARTING;
            connection.send(new ConnectionStart(
                    0, 9, server.serverProperties(), server.mechanisms().offered(), "en_US"));
            return;
        }
        boolean newer091 = header >>> 32 == AMQP_PREFIX && (header >>> 16 & 0xFFFF) == 0 && (header >>> 8 & 0xFF) >= 9;
        connection.refuseProtocol(newer091 ? AMQP_0_9_1 : AMQP_1_0_SASL, describe(header));
    }

    private static String describe(long header) {
        return header >>> 48 == TLS_HANDSHAKE_RECORD
                ? "a TLS client on the port without TLS; it has to connect to the other port"
                : "it began with " + HexFormat.of().toHexDigits(header) + ", which is no header of AMQP 0-9-1";
    }

    /** Takes a method of channel 0. */
    void onMethod(AmqpMethod method) {
        if (state == ConnectionState.STARTING && method instanceof ConnectionStartOk startOk) {
            onStartOk(startOk);
        } else if (state == ConnectionState.SECURING && method instanceof ConnectionSecureOk secureOk) {
            onSecureOk(secureOk);
        } else if (state == ConnectionState.TUNING && method instanceof ConnectionTuneOk tuneOk) {
            onTuneOk(tuneOk);
        } else if (state == ConnectionState.OPENING && method instanceof ConnectionOpen open) {
            onOpen(open);
        } else {
            throw Violations.unexpectedIn(state);
        }
    }

    private void onStartOk(ConnectionStartOk startOk) {
        FieldValue capabilities = startOk.clientProperties().get("capabilities");
        if (capabilities != null && capabilities.value() instanceof FieldTable table) {
            clientCapabilities = table;
        }
        mechanismName = startOk.mechanism();
        mechanism = server.mechanisms()
                .begin(startOk.mechanism(), peer)
                .orElseThrow(() -> AmqpError.of(
                        ReplyCode.COMMAND_INVALID, "unknown authentication mechanism '" + mechanismName + "'"));
        onResult(mechanism.start(startOk.response()));
    }

    private void onSecureOk(ConnectionSecureOk secureOk) {
        if (mechanism == null) {
            throw Violations.unexpectedIn(state);
        }
        onResult(mechanism.secureOk(secureOk.response()));
    }

    private void onResult(SaslResult result) {
        if (result instanceof SaslResult.Authenticated authenticated) {
            user = authenticated.user();
            state = ConnectionState.TUNING;
            AmqpServerConfig config = server.config();
            connection.send(new ConnectionTune(config.channelMax(), config.frameMax(), config.heartbeatSeconds()));
        } else if (result instanceof SaslResult.Challenge challenge) {
            state = ConnectionState.SECURING;
            connection.send(new ConnectionSecure(challenge.challenge()));
        } else if (result instanceof SaslResult.Refused refused) {
            connection.refuseLogin(
                    refused.username(),
                    refused.reason(),
                    clientCan("authentication_failure_close") ? SaslMechanisms.loginRefused(mechanismName) : null);
        } else if (result instanceof SaslResult.Malformed malformed) {
            throw AmqpError.of(ReplyCode.SYNTAX_ERROR, malformed.reason());
        }
    }

    private void onTuneOk(ConnectionTuneOk tuneOk) {
        AmqpServerConfig config = server.config();
        state = ConnectionState.OPENING;
        checkTuned("frame_max", tuneOk.frameMax(), config.frameMax(), AmqpServerConfig.FRAME_MIN_SIZE);
        checkTuned("channel_max", tuneOk.channelMax(), config.channelMax(), 1);
        connection.tuned(tuneOk.channelMax(), (int) Math.min(tuneOk.frameMax(), Integer.MAX_VALUE), tuneOk.heartbeat());
    }

    private static void checkTuned(String name, long client, long server, long least) {
        if (client != 0 && client < least) {
            throw refusedTuning(
                    "negotiated " + name + " = " + client + " is lower than the minimum allowed value (" + least + ")");
        }
        if (server != 0 && (client == 0 || client > server)) {
            throw refusedTuning("negotiated " + name + " = " + (client == 0 ? "0 (no limit)" : client)
                    + " is higher than the maximum allowed value (" + server + ")");
        }
    }

    /** RabbitMQ names its own proposal as the cause, not the client's answer. */
    private static AmqpError refusedTuning(String explanation) {
        return AmqpError.notAllowed(explanation).causedBy(ConnectionTune.ID);
    }

    private void onOpen(ConnectionOpen open) {
        User who = user;
        if (who == null) {
            throw Violations.unexpectedIn(state);
        }
        connection.open(open.virtualHost(), who);
        state = ConnectionState.RUNNING;
        connection.send(new ConnectionOpenOk());
    }
}
