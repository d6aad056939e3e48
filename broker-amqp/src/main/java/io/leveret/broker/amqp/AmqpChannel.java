package io.leveret.broker.amqp;

import io.leveret.broker.BrokerConfig;
import io.leveret.broker.amqp.method.AccessRequest;
import io.leveret.broker.amqp.method.AccessRequestOk;
import io.leveret.broker.amqp.method.AmqpMethod;
import io.leveret.broker.amqp.method.AmqpMethods;
import io.leveret.broker.amqp.method.BasicAck;
import io.leveret.broker.amqp.method.BasicCancel;
import io.leveret.broker.amqp.method.BasicCancelOk;
import io.leveret.broker.amqp.method.BasicConsume;
import io.leveret.broker.amqp.method.BasicConsumeOk;
import io.leveret.broker.amqp.method.BasicGet;
import io.leveret.broker.amqp.method.BasicGetEmpty;
import io.leveret.broker.amqp.method.BasicGetOk;
import io.leveret.broker.amqp.method.BasicNack;
import io.leveret.broker.amqp.method.BasicPublish;
import io.leveret.broker.amqp.method.BasicQos;
import io.leveret.broker.amqp.method.BasicQosOk;
import io.leveret.broker.amqp.method.BasicRecover;
import io.leveret.broker.amqp.method.BasicRecoverAsync;
import io.leveret.broker.amqp.method.BasicRecoverOk;
import io.leveret.broker.amqp.method.BasicReject;
import io.leveret.broker.amqp.method.BasicReturn;
import io.leveret.broker.amqp.method.ChannelClose;
import io.leveret.broker.amqp.method.ChannelCloseOk;
import io.leveret.broker.amqp.method.ChannelFlow;
import io.leveret.broker.amqp.method.ChannelFlowOk;
import io.leveret.broker.amqp.method.ChannelOpen;
import io.leveret.broker.amqp.method.ConfirmSelect;
import io.leveret.broker.amqp.method.ConfirmSelectOk;
import io.leveret.broker.amqp.method.ExchangeBind;
import io.leveret.broker.amqp.method.ExchangeBindOk;
import io.leveret.broker.amqp.method.ExchangeDeclare;
import io.leveret.broker.amqp.method.ExchangeDeclareOk;
import io.leveret.broker.amqp.method.ExchangeDelete;
import io.leveret.broker.amqp.method.ExchangeDeleteOk;
import io.leveret.broker.amqp.method.ExchangeUnbind;
import io.leveret.broker.amqp.method.ExchangeUnbindOk;
import io.leveret.broker.amqp.method.QueueBind;
import io.leveret.broker.amqp.method.QueueBindOk;
import io.leveret.broker.amqp.method.QueueDeclare;
import io.leveret.broker.amqp.method.QueueDeclareOk;
import io.leveret.broker.amqp.method.QueueDelete;
import io.leveret.broker.amqp.method.QueueDeleteOk;
import io.leveret.broker.amqp.method.QueuePurge;
import io.leveret.broker.amqp.method.QueuePurgeOk;
import io.leveret.broker.amqp.method.QueueUnbind;
import io.leveret.broker.amqp.method.QueueUnbindOk;
import io.leveret.broker.amqp.method.TxCommit;
import io.leveret.broker.amqp.method.TxCommitOk;
import io.leveret.broker.amqp.method.TxRollback;
import io.leveret.broker.amqp.method.TxRollbackOk;
import io.leveret.broker.amqp.method.TxSelect;
import io.leveret.broker.amqp.method.TxSelectOk;
import io.leveret.broker.channel.Channel;
import io.leveret.broker.channel.ChannelOutput;
import io.leveret.broker.channel.ClientConnection;
import io.leveret.broker.channel.ConsumeRequest;
import io.leveret.broker.channel.DeclareResult;
import io.leveret.broker.channel.Fetched;
import io.leveret.broker.error.AmqpError;
import io.leveret.broker.error.ReplyCode;
import io.leveret.broker.message.Message;
import io.leveret.broker.vhost.ExchangeDeclaration;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An AMQP channel on the wire: methods in, methods and deliveries out. Owned by its connection's loop. */
final class AmqpChannel implements ChannelOutput {
    private static final int BASIC_CREDIT = 60 << 16 | 200;

    private final AmqpConnection connection;
    private final FrameOutput output;
    private final int number;
    private final int maxMessageSize;
    private final Channel channel;
    private final ContentAssembly content;
    /** Whether the server has closed it and waits for the client's answer. */
    private boolean failed;

    AmqpChannel(AmqpConnection connection, ClientConnection client, int number, int maxMessageSize) {
        this.connection = connection;
        this.output = connection.output();
        this.number = number;
        this.maxMessageSize = maxMessageSize;
        this.content = new ContentAssembly(maxMessageSize, client.held());
        this.channel = client.openChannel(this);
    }

    @Override
    public int number() {
        return number;
    }

    /** Whether it was closed because of an error and waits for the client's answer. */
    boolean hasFailed() {
        return failed;
    }

    /**
     * Closes it because of a soft error; from then until the client has agreed everything is ignored but what is wrong in
     * itself.
     */
    void fail(AmqpError error, int methodId) {
        failed = true;
        channel.close();
        int cause = error.methodId(methodId);
        send(new ChannelClose(error.replyCode().code(), error.replyText(), cause >>> 16, cause & 0xFFFF));
    }

    // ---- publishing

    /** Takes {@code basic.publish} without making an object of it. */
    void onPublish(ByteBuf in, int length) {
        if (content.isAssembling()) {
            throw content.unexpectedMethod().causedBy(BasicPublish.ID);
        }
        if (!content.begin(in, length)) {
            // fails with the text that every method of a wrong length gets
            AmqpMethods.read(BasicPublish.ID, in.slice(in.readerIndex(), length));
        }
    }

    void onHeader(ByteBuf in, int length) {
        if (content.header(in, length)) {
            publish();
        }
    }

    void onBodyStart(int length) {
        content.bodyStart(length);
    }

    void onBodyPart(ByteBuf in, int length) {
        content.bodyPart(in, length);
    }

    void onBodyEnd() {
        if (content.bodyEnd()) {
            publish();
        }
    }

    /** Lets go of a message of which only a part has come. */
    void discardContent() {
        content.discard();
    }

    private void publish() {
        byte[] data = content.take();
        if (failed) {
            return;
        }
        if (content.isImmediate()) {
            throw AmqpError.notImplemented("immediate=true");
        }
        if (content.isTooLarge()) {
            String which = maxMessageSize == BrokerConfig.MAX_MESSAGE_SIZE_CAP ? "max size " : "configured max size ";
            throw AmqpError.preconditionFailed(
                    "message size " + content.bodySize() + " is larger than " + which + maxMessageSize);
        }
        channel.publish(data, content.propertiesOffset(), content.bodyOffset(), content.isMandatory());
    }

    // ---- methods

    /** Takes any other method, in the order of the protocol's reference. */
    void onMethod(int id, ByteBuf arguments) {
        if (content.isAssembling()) {
            throw content.unexpectedMethod().causedBy(BasicPublish.ID);
        }
        if (id == BASIC_CREDIT) {
            throw AmqpError.of(ReplyCode.COMMAND_INVALID, "unimplemented method");
        }
        AmqpMethod method = FrameDispatcher.readOnChannel(id, arguments);
        if (method == null) {
            connection.giveUp("unknown method " + (id >>> 16) + "." + (id & 0xFFFF));
            return;
        }
        if (failed) {
            whileFailed(id);
            return;
        }
        switch (id) {
            case ChannelOpen.ID -> throw secondOpen();
            case ChannelFlow.ID -> onFlow((ChannelFlow) method);
            case ChannelClose.ID -> onClose();
            case AccessRequest.ID -> send(new AccessRequestOk(1));
            case ExchangeDeclare.ID -> onExchangeDeclare((ExchangeDeclare) method);
            case ExchangeDelete.ID -> onExchangeDelete((ExchangeDelete) method);
            case ExchangeBind.ID -> onExchangeBind((ExchangeBind) method);
            case ExchangeUnbind.ID -> onExchangeUnbind((ExchangeUnbind) method);
            case QueueDeclare.ID -> onQueueDeclare((QueueDeclare) method);
            case QueueBind.ID -> onQueueBind((QueueBind) method);
            case QueuePurge.ID -> onQueuePurge((QueuePurge) method);
            case QueueDelete.ID -> onQueueDelete((QueueDelete) method);
            case QueueUnbind.ID -> onQueueUnbind((QueueUnbind) method);
            case BasicQos.ID -> onQos((BasicQos) method);
            case BasicConsume.ID -> onConsume((BasicConsume) method);
            case BasicCancel.ID -> onCancel((BasicCancel) method);
            case BasicCancelOk.ID -> channel.cancel(((BasicCancelOk) method).consumerTag());
            case BasicGet.ID -> onGet((BasicGet) method);
            case BasicAck.ID -> onAck((BasicAck) method);
            case BasicReject.ID -> onReject((BasicReject) method);
            case BasicRecoverAsync.ID -> channel.recover(((BasicRecoverAsync) method).requeue());
            case BasicRecover.ID -> onRecover((BasicRecover) method);
            case BasicNack.ID -> onNack((BasicNack) method);
            case ConfirmSelect.ID -> onConfirmSelect((ConfirmSelect) method);
            case TxSelect.ID -> onTxSelect();
            case TxCommit.ID -> await(TxCommit.ID, channel.txCommit(), done -> send(new TxCommitOk()));
            case TxRollback.ID -> onTxRollback();
            default -> throw AmqpError.of(ReplyCode.COMMAND_INVALID, "unimplemented method");
        }
    }

    private void whileFailed(int id) {
        if (id == ChannelCloseOk.ID) {
            connection.forget(this);
        } else if (id == ChannelClose.ID) {
            send(new ChannelCloseOk());
        } else if (id == ChannelOpen.ID) {
            throw secondOpen();
        }
    }

    private static AmqpError secondOpen() {
        return AmqpError.of(ReplyCode.CHANNEL_ERROR, "second 'channel.open' seen");
    }

    private void onFlow(ChannelFlow flow) {
        if (!flow.active()) {
            throw AmqpError.notImplemented("active=false");
        }
        send(new ChannelFlowOk(true));
    }

    private void onClose() {
        await(ChannelClose.ID, channel.close(), done -> {
            connection.forget(this);
            send(new ChannelCloseOk());
        });
    }

    private void onExchangeDeclare(ExchangeDeclare declare) {
        if (declare.passive()) {
            channel.topology().declareExchangePassively(declare.exchange());
            reply(declare.noWait(), new ExchangeDeclareOk());
            return;
        }
        ExchangeDeclaration declaration = new ExchangeDeclaration(
                declare.exchange(),
                declare.type(),
                declare.durable(),
                declare.autoDelete(),
                declare.internal(),
                declare.arguments());
        await(
                ExchangeDeclare.ID,
                channel.topology().declareExchange(declaration),
                done -> reply(declare.noWait(), new ExchangeDeclareOk()));
    }

    private void onExchangeDelete(ExchangeDelete delete) {
        await(
                ExchangeDelete.ID,
                channel.topology().deleteExchange(delete.exchange(), delete.ifUnused()),
                done -> reply(delete.noWait(), new ExchangeDeleteOk()));
    }

    private void onExchangeBind(ExchangeBind bind) {
        await(
                ExchangeBind.ID,
                channel.topology().bindExchange(bind.destination(), bind.source(), bind.routingKey(), bind.arguments()),
                done -> reply(bind.noWait(), new ExchangeBindOk()));
    }

    private void onExchangeUnbind(ExchangeUnbind unbind) {
        await(
                ExchangeUnbind.ID,
                channel.topology()
                        .unbindExchange(unbind.destination(), unbind.source(), unbind.routingKey(), unbind.arguments()),
                done -> reply(unbind.noWait(), new ExchangeUnbindOk()));
    }

    private void onQueueDeclare(QueueDeclare declare) {
        CompletableFuture<DeclareResult> declared = declare.passive()
                ? channel.topology().declareQueuePassively(declare.queue())
                : channel.topology()
                        .declareQueue(
                                declare.queue(),
                                declare.durable(),
                                declare.exclusive(),
                                declare.autoDelete(),
                                declare.arguments());
        await(
                QueueDeclare.ID,
                declared,
                result -> reply(
                        declare.noWait(),
                        new QueueDeclareOk(result.queue(), result.messageCount(), result.consumerCount())));
    }

    private void onQueueBind(QueueBind bind) {
        await(
                QueueBind.ID,
                channel.topology().bindQueue(bind.queue(), bind.exchange(), bind.routingKey(), bind.arguments()),
                done -> reply(bind.noWait(), new QueueBindOk()));
    }

    private void onQueuePurge(QueuePurge purge) {
        await(
                QueuePurge.ID,
                channel.topology().purgeQueue(purge.queue()),
                purged -> reply(purge.noWait(), new QueuePurgeOk(purged)));
    }

    private void onQueueDelete(QueueDelete delete) {
        await(
                QueueDelete.ID,
                channel.topology().deleteQueue(delete.queue(), delete.ifUnused(), delete.ifEmpty()),
                dropped -> reply(delete.noWait(), new QueueDeleteOk(dropped)));
    }

    private void onQueueUnbind(QueueUnbind unbind) {
        await(
                QueueUnbind.ID,
                channel.topology()
                        .unbindQueue(unbind.queue(), unbind.exchange(), unbind.routingKey(), unbind.arguments()),
                done -> send(new QueueUnbindOk()));
    }

    private void onQos(BasicQos qos) {
        channel.qos(qos.prefetchSize(), qos.prefetchCount(), qos.global());
        send(new BasicQosOk());
    }

    private void onConsume(BasicConsume consume) {
        ConsumeRequest request = new ConsumeRequest(
                consume.queue(), consume.consumerTag(), consume.noAck(), consume.exclusive(), consume.arguments());
        await(BasicConsume.ID, channel.consume(request), tag -> {
            reply(consume.noWait(), new BasicConsumeOk(tag));
            channel.start(tag);
        });
    }

    private void onCancel(BasicCancel cancel) {
        await(
                BasicCancel.ID,
                channel.cancel(cancel.consumerTag()),
                done -> reply(cancel.noWait(), new BasicCancelOk(cancel.consumerTag())));
    }

    private void onGet(BasicGet get) {
        await(BasicGet.ID, channel.get(get.queue(), get.noAck()), this::onFetched);
    }

    private void onFetched(@Nullable Fetched fetched) {
        if (fetched == null) {
            send(new BasicGetEmpty());
            return;
        }
        Message message = fetched.message();
        send(new BasicGetOk(
                fetched.deliveryTag(),
                fetched.redelivered(),
                message.exchange(),
                message.routingKey(),
                fetched.messageCount()));
        output.content(number, message);
    }

    private void onAck(BasicAck ack) {
        channel.ack(ack.deliveryTag(), ack.multiple());
    }

    private void onReject(BasicReject reject) {
        channel.nack(reject.deliveryTag(), false, reject.requeue());
    }

    private void onNack(BasicNack nack) {
        channel.nack(nack.deliveryTag(), nack.multiple(), nack.requeue());
    }

    private void onRecover(BasicRecover recover) {
        channel.recover(recover.requeue());
        send(new BasicRecoverOk());
    }

    private void onConfirmSelect(ConfirmSelect select) {
        channel.confirmSelect();
        reply(select.noWait(), new ConfirmSelectOk());
    }

    private void onTxSelect() {
        channel.txSelect();
        send(new TxSelectOk());
    }

    private void onTxRollback() {
        channel.txRollback();
        send(new TxRollbackOk());
    }

    private <T extends @Nullable Object> void await(
            int methodId, CompletableFuture<T> future, Consumer<? super T> then) {
        connection.await(future, number, methodId, then);
    }

    private void reply(boolean noWait, AmqpMethod method) {
        if (!noWait) {
            send(method);
        }
    }

    private void send(AmqpMethod method) {
        connection.send(number, method);
    }

    // ---- deliveries and answers out

    @Override
    public void deliver(byte[] consumerTag, long deliveryTag, boolean redelivered, Message message) {
        output.deliver(number, consumerTag, deliveryTag, redelivered, message);
        connection.flushSoon();
    }

    @Override
    public void returned(Message message) {
        send(new BasicReturn(
                ReplyCode.NO_ROUTE.code(), ReplyCode.NO_ROUTE.name(), message.exchange(), message.routingKey()));
        output.content(number, message);
    }

    @Override
    public void confirmed(long publishTag, boolean multiple) {
        send(new BasicAck(publishTag, multiple));
    }

    @Override
    public void refused(long publishTag) {
        send(new BasicNack(publishTag, false, false));
    }

    @Override
    public void consumerCancelled(String consumerTag) {
        if (connection.clientWantsCancelNotification()) {
            send(new BasicCancel(consumerTag, true));
        }
    }

    @Override
    public void failed(AmqpError error) {
        connection.onViolation(error, number, AmqpError.NO_METHOD);
    }
}
