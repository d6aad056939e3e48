package io.leveret.broker.message;

import org.jspecify.annotations.Nullable;

/**
 * The properties of a message, decoded; null where the content header had none. AMQP 0-9-1 section 1.8.
 *
 * @param contentType content-type: the MIME type
 * @param contentEncoding content-encoding: the MIME encoding
 * @param headers the headers; an empty table is not the same as none
 * @param deliveryMode delivery-mode, 0 to 255; only 2 means persistent
 * @param priority 0 to 255
 * @param correlationId correlation-id
 * @param replyTo reply-to
 * @param expiration milliseconds as text, see {@link Expiration}
 * @param messageId message-id
 * @param timestamp seconds since the epoch
 * @param type the name of the message's type
 * @param userId user-id
 * @param appId app-id
 * @param clusterId cluster-id, reserved by the protocol but relayed
 */
public record BasicProperties(
        @Nullable String contentType,
        @Nullable String contentEncoding,
        @Nullable FieldTable headers,
        @Nullable Integer deliveryMode,
        @Nullable Integer priority,
        @Nullable String correlationId,
        @Nullable String replyTo,
        @Nullable String expiration,
        @Nullable String messageId,
        @Nullable Long timestamp,
        @Nullable String type,
        @Nullable String userId,
        @Nullable String appId,
        @Nullable String clusterId) {

    /** No properties at all. */
    public static final BasicProperties EMPTY = builder().build();

    /**
     * Decodes properties, beginning with the 16 bits of flags; the two lowest flags are ignored.
     *
     * @throws MalformedPropertiesException if the properties that the flags announce do not fill the range exactly, or
     *     the headers are no table
     */
    public static BasicProperties read(byte[] data, int offset, int length) {
        new PropertyScanner().scan(data, offset, length);
        var in = new ValueReader(data, offset);
        int flags = in.shortInteger();
        var properties = builder();
        if ((flags & PropertyFlags.CONTENT_TYPE) != 0) {
            properties.contentType(in.shortString());
        }
        if ((flags & PropertyFlags.CONTENT_ENCODING) != 0) {
            properties.contentEncoding(in.shortString());
        }
        if ((flags & PropertyFlags.HEADERS) != 0) {
            properties.headers(in.table());
        }
        if ((flags & PropertyFlags.DELIVERY_MODE) != 0) {
            properties.deliveryMode(in.octet());
        }
        if ((flags & PropertyFlags.PRIORITY) != 0) {
            properties.priority(in.octet());
        }
        if ((flags & PropertyFlags.CORRELATION_ID) != 0) {
            properties.correlationId(in.shortString());
        }
        if ((flags & PropertyFlags.REPLY_TO) != 0) {
            properties.replyTo(in.shortString());
        }
        if ((flags & PropertyFlags.EXPIRATION) != 0) {
            properties.expiration(in.shortString());
        }
        if ((flags & PropertyFlags.MESSAGE_ID) != 0) {
            properties.messageId(in.shortString());
        }
        if ((flags & PropertyFlags.TIMESTAMP) != 0) {
            properties.timestamp(in.longInteger());
        }
        if ((flags & PropertyFlags.TYPE) != 0) {
            properties.type(in.shortString());
        }
        if ((flags & PropertyFlags.USER_ID) != 0) {
            properties.userId(in.shortString());
        }
        if ((flags & PropertyFlags.APP_ID) != 0) {
            properties.appId(in.shortString());
        }
        if ((flags & PropertyFlags.CLUSTER_ID) != 0) {
            properties.clusterId(in.shortString());
        }
        return properties.build();
    }

    /** A builder without properties. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that has these properties already. */
    public Builder toBuilder() {
        return new Builder()
                .contentType(contentType)
                .contentEncoding(contentEncoding)
                .headers(headers)
                .deliveryMode(deliveryMode)
                .priority(priority)
                .correlationId(correlationId)
                .replyTo(replyTo)
                .expiration(expiration)
                .messageId(messageId)
                .timestamp(timestamp)
                .type(type)
                .userId(userId)
                .appId(appId)
                .clusterId(clusterId);
    }

    /**
     * Flags and values as they stand in a content header, after the body size.
     *
     * @throws IllegalArgumentException if a text, or a key of the headers, is longer than 255 bytes
     */
    public byte[] toBytes() {
        var out = new ValueWriter();
        out.shortInteger(flags());
        if (contentType != null) {
            out.shortString(contentType);
        }
        if (contentEncoding != null) {
            out.shortString(contentEncoding);
        }
        if (headers != null) {
            out.table(headers);
        }
        if (deliveryMode != null) {
            out.octet(deliveryMode);
        }
        if (priority != null) {
            out.octet(priority);
        }
        if (correlationId != null) {
            out.shortString(correlationId);
        }
        if (replyTo != null) {
            out.shortString(replyTo);
        }
        if (expiration != null) {
            out.shortString(expiration);
        }
        if (messageId != null) {
            out.shortString(messageId);
        }
        if (timestamp != null) {
            out.longInteger(timestamp);
        }
        if (type != null) {
            out.shortString(type);
        }
        if (userId != null) {
            out.shortString(userId);
        }
        if (appId != null) {
            out.shortString(appId);
        }
        if (clusterId != null) {
            out.shortString(clusterId);
        }
        return out.toBytes();
    }

    private int flags() {
        return flag(contentType, PropertyFlags.CONTENT_TYPE)
                | flag(contentEncoding, PropertyFlags.CONTENT_ENCODING)
                | flag(headers, PropertyFlags.HEADERS)
                | flag(deliveryMode, PropertyFlags.DELIVERY_MODE)
                | flag(priority, PropertyFlags.PRIORITY)
                | flag(correlationId, PropertyFlags.CORRELATION_ID)
                | flag(replyTo, PropertyFlags.REPLY_TO)
                | flag(expiration, PropertyFlags.EXPIRATION)
                | flag(messageId, PropertyFlags.MESSAGE_ID)
                | flag(timestamp, PropertyFlags.TIMESTAMP)
                | flag(type, PropertyFlags.TYPE)
                | flag(userId, PropertyFlags.USER_ID)
                | flag(appId, PropertyFlags.APP_ID)
                | flag(clusterId, PropertyFlags.CLUSTER_ID);
    }

    private static int flag(@Nullable Object property, int flag) {
        return property == null ? 0 : flag;
    }

    /** Gathers properties; null takes one away. For one thread. */
    public static final class Builder {
        private @Nullable String contentType;
        private @Nullable String contentEncoding;
        private @Nullable FieldTable headers;
        private @Nullable Integer deliveryMode;
        private @Nullable Integer priority;
        private @Nullable String correlationId;
        private @Nullable String replyTo;
        private @Nullable String expiration;
        private @Nullable String messageId;
        private @Nullable Long timestamp;
        private @Nullable String type;
        private @Nullable String userId;
        private @Nullable String appId;
        private @Nullable String clusterId;

        private Builder() {}

        public Builder contentType(@Nullable String contentType) {
            this.contentType = contentType;
            return this;
        }

        public Builder contentEncoding(@Nullable String contentEncoding) {
            this.contentEncoding = contentEncoding;
            return this;
        }

        public Builder headers(@Nullable FieldTable headers) {
            this.headers = headers;
            return this;
        }

        public Builder deliveryMode(@Nullable Integer deliveryMode) {
            this.deliveryMode = deliveryMode;
            return this;
        }

        public Builder priority(@Nullable Integer priority) {
            this.priority = priority;
            return this;
        }

        public Builder correlationId(@Nullable String correlationId) {
            this.correlationId = correlationId;
            return this;
        }

        public Builder replyTo(@Nullable String replyTo) {
            this.replyTo = replyTo;
            return this;
        }

        public Builder expiration(@Nullable String expiration) {
            this.expiration = expiration;
            return this;
        }

        public Builder messageId(@Nullable String messageId) {
            this.messageId = messageId;
            return this;
        }

        public Builder timestamp(@Nullable Long timestamp) {
            this.timestamp = timestamp;
            return this;
        }

        public Builder type(@Nullable String type) {
            this.type = type;
            return this;
        }

        public Builder userId(@Nullable String userId) {
            this.userId = userId;
            return this;
        }

        public Builder appId(@Nullable String appId) {
            this.appId = appId;
            return this;
        }

        public Builder clusterId(@Nullable String clusterId) {
            this.clusterId = clusterId;
            return this;
        }

        /** The properties that were set. */
        public BasicProperties build() {
            return new BasicProperties(
                    contentType,
                    contentEncoding,
                    headers,
                    deliveryMode,
                    priority,
                    correlationId,
                    replyTo,
                    expiration,
                    messageId,
                    timestamp,
                    type,
                    userId,
                    appId,
                    clusterId);
        }
    }
}
