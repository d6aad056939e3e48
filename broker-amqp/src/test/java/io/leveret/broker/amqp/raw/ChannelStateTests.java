package io.leveret.broker.amqp.raw;

import static io.leveret.broker.amqp.raw.Wire.wire;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What passes between an error and the end of the channel or connection that had it. */
@Tag("behaviour")
class ChannelStateTests {
    private static final String EXPECTED_OPEN = "CHANNEL_ERROR - expected 'channel.open'";

    @RegisterExtension
    static final RawBroker BROKER = RawBroker.create();

    /** A connection whose channel 1 was just closed by the server and waits for close-ok. */
    private static RawAmqpClient closingChannel() {
        String missing = BROKER.name("missing");
        return BROKER.channel()
                .sendQueueDeclare(1, missing, QueueBits.PASSIVE)
                .expectChannelClose(
                        1, 404, "NOT_FOUND - no queue '" + missing + "' in vhost '/'", MethodId.QUEUE_DECLARE);
    }

    /** A connection the server wants closed: it had a hard error. */
    private static RawAmqpClient closingConnection() {
        return BROKER.channel()
                .method(1, MethodId.CHANNEL_FLOW, wire().octet(0))
                .expectConnectionClose(540, "NOT_IMPLEMENTED - active=false", MethodId.CHANNEL_FLOW);
    }

    // ---- channel.close by the server

    @Test
    void dropsEverythingUntilCloseOk() {
        String queue = BROKER.name("q");
        RawAmqpClient client = closingChannel();
        client.sendQueueDeclare(1, queue, QueueBits.EXCLUSIVE)
                .publish(1, "", queue, Wire.utf8("dropped"))
                .method(1, MethodId.CHANNEL_FLOW, wire().octet(1))
                .method(1, MethodId.CHANNEL_FLOW, wire().octet(0))
                .method(1, MethodId.CHANNEL_CLOSE_OK)
                .channel(1)
                .sendQueueDeclare(1, queue, QueueBits.PASSIVE)
                .expectChannelClose(
                        1, 404, "NOT_FOUND - no queue '" + queue + "' in vhost '/'", MethodId.QUEUE_DECLARE);
    }

    @Test
    void dropsWhatWasPipelinedBehindTheError() {
        String missing = BROKER.name("missing");
        RawAmqpClient client = BROKER.channel();
        client.sendQueueDeclare(1, missing, QueueBits.PASSIVE)
                .publish(1, "no such exchange", "", Wire.utf8("dropped"))
                .sendQueueDeclare(1, missing, 0)
                .method(1, MethodId.CHANNEL_CLOSE_OK)
                .expectChannelClose(
                        1, 404, "NOT_FOUND - no queue '" + missing + "' in vhost '/'", MethodId.QUEUE_DECLARE)
                .channel(1)
                .ping(1);
    }

    @Test
    void reusesTheNumberAfterCloseOk() {
        closingChannel().method(1, MethodId.CHANNEL_CLOSE_OK).channel(1).ping(1);
    }

    @Test
    void refusesToOpenTheNumberBeforeCloseOk() {
        closingChannel()
                .method(1, MethodId.CHANNEL_OPEN, wire().shortStr(""))
                .expectConnectionClose(504, "CHANNEL_ERROR - second 'channel.open' seen", MethodId.CHANNEL_OPEN);
    }

    @Test
    void answersACrossingCloseAndGoesOnWaiting() {
        closingChannel()
                .closeChannel(1)
                .closeChannel(1)
                .method(1, MethodId.CHANNEL_CLOSE_OK)
                .channel(1)
                .ping(1);
    }

    @Test
    void doesNotFreeTheNumberByACrossingCloseAlone() {
        closingChannel()
                .closeChannel(1)
                .method(1, MethodId.CHANNEL_OPEN, wire().shortStr(""))
                .expectConnectionClose(504, "CHANNEL_ERROR - second 'channel.open' seen", MethodId.CHANNEL_OPEN);
    }

    @Test
    void forgetsTheChannelAfterCloseOk() {
        closingChannel()
                .method(1, MethodId.CHANNEL_CLOSE_OK)
                .sendQueueDeclare(1, "q", 0)
                .expectConnectionClose(504, EXPECTED_OPEN, MethodId.QUEUE_DECLARE);
        closingChannel()
                .method(1, MethodId.CHANNEL_CLOSE_OK)
                .method(1, MethodId.CHANNEL_CLOSE_OK)
                .expectConnectionClose(504, EXPECTED_OPEN, MethodId.CHANNEL_CLOSE_OK);
        closingChannel()
                .method(1, MethodId.CHANNEL_CLOSE_OK)
                .method(1, MethodId.CHANNEL_CLOSE, CloseReason.normal())
                .expectConnectionClose(504, EXPECTED_OPEN, MethodId.CHANNEL_CLOSE);
    }

    @Test
    void stillChecksFramesOfAClosingChannel() {
        closingChannel()
                .method(1, MethodId.QUEUE_DECLARE, wire().octet(0xFF))
                .expectConnectionClose(501, "FRAME_ERROR - cannot decode <<255>>", MethodId.QUEUE_DECLARE);
        closingChannel()
                .header(1, 0)
                .expectConnectionClose(
                        505, "UNEXPECTED_FRAME - expected method frame, got non method frame instead", MethodId.NONE);
        closingChannel()
                .publishMethod(1, "", "")
                .method(1, MethodId.CHANNEL_CLOSE_OK)
                .expectConnectionClose(
                        505,
                        "UNEXPECTED_FRAME - expected content header for class 60, got non content header frame instead",
                        MethodId.BASIC_PUBLISH);
        closingChannel()
                .publishMethod(1, "", "")
                .header(1, 4)
                .method(1, MethodId.CHANNEL_CLOSE_OK)
                .expectConnectionClose(
                        505,
                        "UNEXPECTED_FRAME - expected content body, got non content body frame instead",
                        MethodId.BASIC_PUBLISH);
    }

    @Test
    void leavesOtherChannelsAlone() {
        RawAmqpClient client = closingChannel().channel(2).ping(2);
        String queue = client.declare(2, "");
        client.publish(2, "", queue, Wire.utf8("alive"));
        assertThat(client.get(2, queue).body()).isEqualTo(Wire.utf8("alive"));
        client.method(1, MethodId.CHANNEL_CLOSE_OK).channel(1).ping(2);
    }

    @Test
    void reportsErrorsOfSeveralChannels() {
        String missing = BROKER.name("missing");
        closingChannel()
                .channel(2)
                .sendQueueDeclare(2, missing, QueueBits.PASSIVE)
                .expectChannelClose(
                        2, 404, "NOT_FOUND - no queue '" + missing + "' in vhost '/'", MethodId.QUEUE_DECLARE)
                .method(2, MethodId.CHANNEL_CLOSE_OK)
                .method(1, MethodId.CHANNEL_CLOSE_OK)
                .channel(1)
                .channel(2);
    }

    @Test
    void closesTheConnectionWhileAChannelIsClosing() {
        closingChannel().closeConnection();
        closingChannel()
                .channel(2)
                .method(2, MethodId.CHANNEL_FLOW, wire().octet(0))
                .expectConnectionClose(540, "NOT_IMPLEMENTED - active=false", MethodId.CHANNEL_FLOW);
    }

    // ---- channel.close by the client

    @Test
    void reusesTheNumberAfterTheClientClosedIt() {
        BROKER.channel().closeChannel(1).channel(1).ping(1);
    }

    @Test
    void forgetsTheChannelTheClientClosed() {
        BROKER.channel()
                .closeChannel(1)
                .sendQueueDeclare(1, "q", 0)
                .expectConnectionClose(504, EXPECTED_OPEN, MethodId.QUEUE_DECLARE);
    }

    @Test
    void refusesACloseInTheMiddleOfAContent() {
        BROKER.channel()
                .publishMethod(1, "", "")
                .method(1, MethodId.CHANNEL_CLOSE, CloseReason.normal())
                .expectConnectionClose(
                        505,
                        "UNEXPECTED_FRAME - expected content header for class 60, got non content header frame instead",
                        MethodId.BASIC_PUBLISH);
    }

    @Test
    void forgetsHalfAContentWithTheConnectionItCameBy() {
        RawAmqpClient client = BROKER.channel();
        client.publishMethod(1, "", "").header(1, 100).body(1, "half").closeConnection();
    }

    @Test
    void refusesCloseOkWithNothingToClose() {
        BROKER.channel()
                .method(1, MethodId.CHANNEL_CLOSE_OK)
                .expectConnectionClose(503, "COMMAND_INVALID - unimplemented method", MethodId.CHANNEL_CLOSE_OK);
    }

    @Test
    void opensAChannelWhateverTheReservedFieldHolds() {
        RawAmqpClient client = BROKER.connection().method(9, MethodId.CHANNEL_OPEN, wire().shortStr("out of band"));
        WireReader openOk = client.expect(9, MethodId.CHANNEL_OPEN_OK);
        assertThat(openOk.longStr()).isEmpty();
        assertThat(openOk.remaining()).isZero();
    }

    // ---- connection.close by the server

    @Test
    void ignoresEverythingButCloseOnceItClosedTheConnection() {
        closingConnection()
                .sendQueueDeclare(1, "", QueueBits.EXCLUSIVE)
                .method(2, MethodId.CHANNEL_OPEN, wire().shortStr(""))
                .method(0, MethodId.CONNECTION_OPEN, Handshake.guest().open())
                .frame(77, 0, Wire.utf8("hello"))
                .frame(RawFrame.HEARTBEAT, 1)
                .heartbeat()
                .method(0, MethodId.CONNECTION_CLOSE_OK)
                .expectClosed();
    }

    @Test
    void answersACrossingConnectionCloseAndGoesOnWaiting() {
        closingConnection()
                .closeConnection()
                .closeConnection()
                .method(0, MethodId.CONNECTION_CLOSE_OK)
                .expectClosed();
    }

    @Test
    void ignoresWhatWasPipelinedBehindAHardError() {
        RawAmqpClient client = BROKER.channel();
        client.method(1, MethodId.CHANNEL_FLOW, wire().octet(0))
                .publish(1, "", "nowhere", Wire.utf8("dropped"))
                .method(1, MethodId.CHANNEL_FLOW, wire().octet(0))
                .expectConnectionClose(540, "NOT_IMPLEMENTED - active=false", MethodId.CHANNEL_FLOW)
                .method(0, MethodId.CONNECTION_CLOSE_OK)
                .expectClosed();
    }

    @Test
    void dropsTheSocketOnABrokenFrameWhileClosing() {
        List<RawAmqpClient> clients = List.of(
                closingConnection().frameEndingWith(0, RawFrame.METHOD, 0),
                closingConnection().frameHead(RawFrame.METHOD, 0, 0x7FFF_FFFF),
                closingConnection().method(0, new MethodId(99, 99)));
        clients.forEach(RawAmqpClient::expectClosed);
    }

    // ---- connection.close by the client

    @Test
    void answersARepeatedConnectionClose() {
        BROKER.channel().closeConnection().closeConnection();
    }

    @Test
    void ignoresFramesBehindTheClientsConnectionClose() {
        BROKER.channel()
                .method(0, MethodId.CONNECTION_CLOSE, CloseReason.normal())
                .sendQueueDeclare(1, "", QueueBits.EXCLUSIVE)
                .frame(77, 0, Wire.utf8("hello"))
                .method(0, MethodId.CONNECTION_CLOSE, CloseReason.normal())
                .expect(0, MethodId.CONNECTION_CLOSE_OK);
    }

    @Test
    void removesExclusiveQueuesBeforeCloseOk() {
        RawAmqpClient owner = BROKER.channel();
        RawAmqpClient other = BROKER.channel();
        String queue = owner.declare(1, BROKER.name("q"));
        owner.closeConnection();
        other.sendQueueDeclare(1, queue, QueueBits.PASSIVE)
                .expectChannelClose(
                        1, 404, "NOT_FOUND - no queue '" + queue + "' in vhost '/'", MethodId.QUEUE_DECLARE);
    }
}
