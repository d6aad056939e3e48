package io.leveret.broker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import io.leveret.broker.policy.QueuePolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who wins where an argument and a policy both speak, for classic queues. */
class QueueSettingsTests {

    @ParameterizedTest
    @CsvSource({"5, 3, 3", "3, 5, 3", "5, -1, 5", "-1, 5, 5", "-1, -1, -1", "0, 5, 0", "5, 0, 0"})
    void theSmallerNumberWins(long argument, long policy, long winner) {
        assertThat(settings("x-message-ttl", argument, policy(-1, policy, -1, -1))
                        .messageTtlMillis())
                .isEqualTo(winner);
        assertThat(settings("x-max-length", argument, policy(-1, -1, policy, -1))
                        .maxLength())
                .isEqualTo(winner);
        assertThat(settings("x-max-length-bytes", argument, policy(-1, -1, -1, policy))
                        .maxLengthBytes())
                .isEqualTo(winner);
        if (argument != 0) {
            assertThat(settings("x-expires", argument, policy(policy, -1, -1, -1))
                            .expiresMillis())
                    .isEqualTo(winner);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "a, ak, p, pk, a, ak",
        "a, , p, pk, a, pk",
        ", , p, pk, p, pk",
        ", , p, , p, ",
        "a, ak, , , a, ak",
        "a, , , pk, a, pk",
    })
    void theArgumentOfDeadLetteringWinsKeyByKey(
            String exchange, String key, String policyExchange, String policyKey, String wonExchange, String wonKey) {
        FieldTable.Builder arguments = FieldTable.builder();
        if (exchange != null) {
            arguments.put("x-dead-letter-exchange", FieldValue.of(exchange));
        }
        if (key != null) {
            arguments.put("x-dead-letter-routing-key", FieldValue.of(key));
        }
        QueuePolicy policy = new QueuePolicy("p", null, -1, -1, policyExchange, policyKey, -1, -1, null);
        assertThat(settings(arguments.build(), policy).deadLettering())
                .isEqualTo(new DeadLettering(wonExchange, wonKey));
    }

    @Test
    void aKeyOfAPolicyAloneIsNoDeadLettering() {
        QueuePolicy policy = new QueuePolicy("p", null, -1, -1, null, "k", -1, -1, null);
        assertThat(settings(FieldTable.EMPTY, policy).deadLettering()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "reject-publish, drop-head, REJECT_PUBLISH",
        "drop-head, reject-publish, DROP_HEAD",
        ", reject-publish-dlx, REJECT_PUBLISH_DLX",
        "reject-publish-dlx, , REJECT_PUBLISH_DLX",
        ", , DROP_HEAD"
    })
    void theArgumentOfOverflowWins(String argument, String policy, QueueArguments.Overflow winner) {
        FieldTable arguments =
                argument == null ? FieldTable.EMPTY : FieldTable.EMPTY.with("x-overflow", FieldValue.of(argument));
        assertThat(settings(arguments, new QueuePolicy("p", null, -1, -1, null, null, -1, -1, policy))
                        .overflow())
                .isEqualTo(winner);
    }

    private static QueuePolicy policy(long expires, long ttl, long maxLength, long maxLengthBytes) {
        return new QueuePolicy("p", null, expires, ttl, null, null, maxLength, maxLengthBytes, null);
    }

    private static QueueSettings settings(String name, long argument, QueuePolicy policy) {
        return settings(argument < 0 ? FieldTable.EMPTY : FieldTable.EMPTY.with(name, FieldValue.of(argument)), policy);
    }

    private static QueueSettings settings(FieldTable arguments, QueuePolicy policy) {
        return QueueSettings.of(QueueArguments.parse("/", "q", arguments), policy);
    }
}
