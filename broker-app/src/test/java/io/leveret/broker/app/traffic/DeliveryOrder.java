package io.leveret.broker.app.traffic;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** In which order one consumer has got what each publisher sent, by priority. One thread. */
final class DeliveryOrder {
    private final Map<String, NumberedMessage> last = new HashMap<>();

    /** Takes a message that nobody got before in this life; the later one that this consumer has got already, if any. */
    @Nullable String follows(NumberedMessage message) {
        NumberedMessage before = last.put(message.publisher() + "/" + message.priority(), message);
        return before == null || before.number() < message.number() ? null : before.toString();
    }
}
