package io.leveret.broker.amqp;

import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import java.util.LinkedHashMap;
import java.util.Map;

/** The server-properties of connection.start. Client libraries decide by the version which features they use. */
final class ServerProperties {
    /** The level of RabbitMQ whose behaviour this broker has. */
    private static final String RABBITMQ_LEVEL = "4.3.0";

    private static final String[] CAPABILITIES = {
        "publisher_confirms",
        "exchange_exchange_bindings",
        "basic.nack",
        "consumer_cancel_notify",
        "connection.blocked",
        "consumer_priorities",
        "authentication_failure_close",
        "per_consumer_qos",
        "direct_reply_to"
    };

    private ServerProperties() {}

    /** @param overrides what an operator adds or replaces */
    static FieldTable of(String clusterName, Map<String, String> overrides) {
        Map<String, FieldValue> capabilities = new LinkedHashMap<>();
        for (String capability : CAPABILITIES) {
            capabilities.put(capability, FieldValue.of(true));
        }
        Map<String, FieldValue> properties = new LinkedHashMap<>();
        properties.put("capabilities", FieldValue.of(FieldTable.of(capabilities)));
        properties.put("cluster_name", FieldValue.of(clusterName));
        properties.put("copyright", FieldValue.of("The Leveret authors"));
        properties.put("information", FieldValue.of("Licensed under the Apache License 2.0"));
        properties.put("platform", FieldValue.of(platform()));
        properties.put("product", FieldValue.of("Leveret"));
        properties.put("version", FieldValue.of(RABBITMQ_LEVEL));
        overrides.forEach((key, value) -> properties.put(key, FieldValue.of(value)));
        return FieldTable.of(properties);
    }

    private static String platform() {
        String own = ServerProperties.class.getPackage().getImplementationVersion();
        return "Leveret " + (own == null ? "(unpackaged)" : own) + " on Java "
                + Runtime.version().feature();
    }
}
