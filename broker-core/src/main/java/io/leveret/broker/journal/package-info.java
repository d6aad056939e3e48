/**
 * The journal: what was enqueued and settled, gathered by each loop, committed in groups by one thread, so that queues outlive
 * the process. {@link io.leveret.broker.journal.MessageJournal} is where it is kept.
 */
@NullMarked
package io.leveret.broker.journal;

import org.jspecify.annotations.NullMarked;
