package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** All methods of the protocol, in the order of its reference, whichever side sends them. */
public final class AmqpMethods {
    private AmqpMethods() {}

    /**
     * Decodes a method.
     *
     * @param id class and method id, see {@link AmqpMethod#id}
     * @param payload the arguments, all of its readable bytes; stays the caller's, its reader index does not move
     * @return null when there is no such method
     * @throws MethodFormatException if the arguments are shorter or longer than the layout
     * @throws TableFormatException if a field table among them cannot be decoded
     * @throws io.leveret.broker.error.AmqpError 501 if a short string is not UTF-8, except in methods with content
     */
    public static @Nullable AmqpMethod read(int id, ByteBuf payload) {
        var in = new MethodReader(payload);
        AmqpMethod method = decode(id, in);
        if (method != null) {
            in.finish();
        }
        return method;
    }

    /** Whether there is a method with that class and method id. */
    public static boolean isKnown(int id) {
        return switch (id) {
            case ConnectionStart.ID,
                    ConnectionStartOk.ID,
                    ConnectionSecure.ID,
                    ConnectionSecureOk.ID,
                    ConnectionTune.ID,
                    ConnectionTuneOk.ID,
                    ConnectionOpen.ID,
                    ConnectionOpenOk.ID,
                    ConnectionClose.ID,
                    ConnectionCloseOk.ID,
                    ConnectionBlocked.ID,
                    ConnectionUnblocked.ID,
                    ConnectionUpdateSecret.ID,
                    ConnectionUpdateSecretOk.ID,
                    ChannelOpen.ID,
                    ChannelOpenOk.ID,
                    ChannelFlow.ID,
                    ChannelFlowOk.ID,
                    ChannelClose.ID,
                    ChannelCloseOk.ID,
                    AccessRequest.ID,
                    AccessRequestOk.ID,
                    ExchangeDeclare.ID,
                    ExchangeDeclareOk.ID,
                    ExchangeDelete.ID,
                    ExchangeDeleteOk.ID,
                    ExchangeBind.ID,
                    ExchangeBindOk.ID,
                    ExchangeUnbind.ID,
                    ExchangeUnbindOk.ID,
                    QueueDeclare.ID,
                    QueueDeclareOk.ID,
                    QueueBind.ID,
                    QueueBindOk.ID,
                    QueuePurge.ID,
                    QueuePurgeOk.ID,
                    QueueDelete.ID,
                    QueueDeleteOk.ID,
                    QueueUnbind.ID,
                    QueueUnbindOk.ID,
                    BasicQos.ID,
                    BasicQosOk.ID,
                    BasicConsume.ID,
                    BasicConsumeOk.ID,
                    BasicCancel.ID,
                    BasicCancelOk.ID,
                    BasicPublish.ID,
                    BasicReturn.ID,
                    BasicDeliver.ID,
                    BasicGet.ID,
                    BasicGetOk.ID,
                    BasicGetEmpty.ID,
                    BasicAck.ID,
                    BasicReject.ID,
                    BasicRecoverAsync.ID,
                    BasicRecover.ID,
                    BasicRecoverOk.ID,
                    BasicNack.ID,
                    ConfirmSelect.ID,
                    ConfirmSelectOk.ID,
                    TxSelect.ID,
                    TxSelectOk.ID,
                    TxCommit.ID,
                    TxCommitOk.ID,
                    TxRollback.ID,
                    TxRollbackOk.ID -> true;
            default -> false;
        };
    }

    private static @Nullable AmqpMethod decode(int id, MethodReader in) {
        return switch (id) {
            case ConnectionStart.ID -> ConnectionStart.readFrom(in);
            case ConnectionStartOk.ID -> ConnectionStartOk.readFrom(in);
            case ConnectionSecure.ID -> ConnectionSecure.readFrom(in);
            case ConnectionSecureOk.ID -> ConnectionSecureOk.readFrom(in);
            case ConnectionTune.ID -> ConnectionTune.readFrom(in);
            case ConnectionTuneOk.ID -> ConnectionTuneOk.readFrom(in);
            case ConnectionOpen.ID -> ConnectionOpen.readFrom(in);
            case ConnectionOpenOk.ID -> ConnectionOpenOk.readFrom(in);
            case ConnectionClose.ID -> ConnectionClose.readFrom(in);
            case ConnectionCloseOk.ID -> ConnectionCloseOk.readFrom(in);
            case ConnectionBlocked.ID -> ConnectionBlocked.readFrom(in);
            case ConnectionUnblocked.ID -> ConnectionUnblocked.readFrom(in);
            case ConnectionUpdateSecret.ID -> ConnectionUpdateSecret.readFrom(in);
            case ConnectionUpdateSecretOk.ID -> ConnectionUpdateSecretOk.readFrom(in);

            case ChannelOpen.ID -> ChannelOpen.readFrom(in);
            case ChannelOpenOk.ID -> ChannelOpenOk.readFrom(in);
            case ChannelFlow.ID -> ChannelFlow.readFrom(in);
            case ChannelFlowOk.ID -> ChannelFlowOk.readFrom(in);
            case ChannelClose.ID -> ChannelClose.readFrom(in);
            case ChannelCloseOk.ID -> ChannelCloseOk.readFrom(in);

            case AccessRequest.ID -> AccessRequest.readFrom(in);
            case AccessRequestOk.ID -> AccessRequestOk.readFrom(in);

            case ExchangeDeclare.ID -> ExchangeDeclare.readFrom(in);
            case ExchangeDeclareOk.ID -> ExchangeDeclareOk.readFrom(in);
            case ExchangeDelete.ID -> ExchangeDelete.readFrom(in);
            case ExchangeDeleteOk.ID -> ExchangeDeleteOk.readFrom(in);
            case ExchangeBind.ID -> ExchangeBind.readFrom(in);
            case ExchangeBindOk.ID -> ExchangeBindOk.readFrom(in);
            case ExchangeUnbind.ID -> ExchangeUnbind.readFrom(in);
            case ExchangeUnbindOk.ID -> ExchangeUnbindOk.readFrom(in);

            case QueueDeclare.ID -> QueueDeclare.readFrom(in);
            case QueueDeclareOk.ID -> QueueDeclareOk.readFrom(in);
            case QueueBind.ID -> QueueBind.readFrom(in);
            case QueueBindOk.ID -> QueueBindOk.readFrom(in);
            case QueuePurge.ID -> QueuePurge.readFrom(in);
            case QueuePurgeOk.ID -> QueuePurgeOk.readFrom(in);
            case QueueDelete.ID -> QueueDelete.readFrom(in);
            case QueueDeleteOk.ID -> QueueDeleteOk.readFrom(in);
            case QueueUnbind.ID -> QueueUnbind.readFrom(in);
            case QueueUnbindOk.ID -> QueueUnbindOk.readFrom(in);

            case BasicQos.ID -> BasicQos.readFrom(in);
            case BasicQosOk.ID -> BasicQosOk.readFrom(in);
            case BasicConsume.ID -> BasicConsume.readFrom(in);
            case BasicConsumeOk.ID -> BasicConsumeOk.readFrom(in);
            case BasicCancel.ID -> BasicCancel.readFrom(in);
            case BasicCancelOk.ID -> BasicCancelOk.readFrom(in);
            case BasicPublish.ID -> BasicPublish.readFrom(in);
            case BasicReturn.ID -> BasicReturn.readFrom(in);
            case BasicDeliver.ID -> BasicDeliver.readFrom(in);
            case BasicGet.ID -> BasicGet.readFrom(in);
            case BasicGetOk.ID -> BasicGetOk.readFrom(in);
            case BasicGetEmpty.ID -> BasicGetEmpty.readFrom(in);
            case BasicAck.ID -> BasicAck.readFrom(in);
            case BasicReject.ID -> BasicReject.readFrom(in);
            case BasicRecoverAsync.ID -> BasicRecoverAsync.readFrom(in);
            case BasicRecover.ID -> BasicRecover.readFrom(in);
            case BasicRecoverOk.ID -> BasicRecoverOk.readFrom(in);
            case BasicNack.ID -> BasicNack.readFrom(in);

            case ConfirmSelect.ID -> ConfirmSelect.readFrom(in);
            case ConfirmSelectOk.ID -> ConfirmSelectOk.readFrom(in);

            case TxSelect.ID -> TxSelect.readFrom(in);
            case TxSelectOk.ID -> TxSelectOk.readFrom(in);
            case TxCommit.ID -> TxCommit.readFrom(in);
            case TxCommitOk.ID -> TxCommitOk.readFrom(in);
            case TxRollback.ID -> TxRollback.readFrom(in);
            case TxRollbackOk.ID -> TxRollbackOk.readFrom(in);

            default -> null;
        };
    }
}
