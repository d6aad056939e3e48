/**
 * What users of other embedded brokers and of containers complain about, and that it does not happen here; the number before
 * each name is that of the complaint. Of the others, 1 to 3 and 6 and 7 are also in the tests of {@code @EmbeddedBroker}, 24 in
 * those of TLS, 25 in the module broker-host-tests.
 */
@NullMarked
package io.leveret.broker.autoconfigure.complaint;

import org.jspecify.annotations.NullMarked;
