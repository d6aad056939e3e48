package io.leveret.broker.store;

import io.leveret.broker.journal.InMemoryMessageJournal;
import io.leveret.broker.journal.InMemoryMessageJournal.Part;
import io.leveret.broker.journal.MessageJournal;

/** The journal that other tests use instead of a database. */
class InMemoryMessageJournalContractTests extends MessageJournalContract {
    private InMemoryMessageJournal journal = new InMemoryMessageJournal();

    @Override
    MessageJournal journal() {
        return journal;
    }

    @Override
    void reopen() {
        journal = journal.restarted();
    }

    @Override
    void losePayload(long id) {
        journal.truncate(id, Part.PAYLOAD, 0);
    }
}
