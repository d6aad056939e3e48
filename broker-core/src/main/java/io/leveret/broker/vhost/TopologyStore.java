package io.leveret.broker.vhost;

import io.leveret.broker.definition.DefinitionChange;
import io.leveret.broker.definition.DefinitionStore;
import io.leveret.broker.error.AmqpError;
import io.leveret.broker.error.ReplyCode;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store as one virtual host sees it: what clients ask for is stored before it is done, and they are told if that fails.
 *
 * @param vhost the name of the virtual host
 */
record TopologyStore(String vhost, DefinitionStore store) {
    private static final Logger log = LoggerFactory.getLogger(TopologyStore.class);

    /**
     * Makes changes in the store.
     *
     * @param verb what a client wants to be done, such as {@code delete}
     * @param what with what, as error texts name it
     * @throws AmqpError 541 with a text like RabbitMQ's if that fails; then nothing has changed
     */
    void apply(List<DefinitionChange> changes, String verb, Object what) {
        if (changes.isEmpty()) {
            return;
        }
        try {
            store.apply(changes);
        } catch (RuntimeException e) {
            log.atError().addKeyValue("vhost", vhost).setCause(e).log("could not {} {}", verb, what);
            throw AmqpError.of(
                    ReplyCode.INTERNAL_ERROR,
                    "Could not " + verb + " " + what + " because the metadata store operation failed");
        }
    }
}
