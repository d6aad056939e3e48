package io.leveret.broker.store.definition;

import io.leveret.broker.definition.Definition;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.UUID;
import org.hibernate.Length;
import org.hibernate.annotations.SQLDelete;
import org.hibernate.jdbc.Expectation;

/** See {@link Definition.Queue}. */
@Entity
@Table(name = "broker_queue")
@SQLDelete(sql = "delete from broker_queue where id = ?", verify = Expectation.None.class)
final class QueueRow implements DefinitionRow {
    @Id
    private UUID id;

    @Column(name = "vhost", nullable = false)
    private String vhost;

    @Column(name = "name", nullable = false)
    private String name;

    @Column(name = "auto_delete", nullable = false)
    private boolean autoDelete;

    @Column(name = "arguments", nullable = false, length = Length.LONG32)
    private byte[] arguments;

    @Column(name = "journal_id", nullable = false)
    private long journalId;

    /** For Hibernate, which sets the fields. */
    QueueRow() {
        id = RowIds.NONE;
        vhost = "";
        name = "";
        arguments = StoredTable.NONE;
    }

    QueueRow(Definition.Queue definition) {
        id = RowIds.of(definition);
        vhost = StoredText.write(definition.vhost());
        name = StoredText.write(definition.name());
        autoDelete = definition.autoDelete();
        arguments = StoredTable.write(definition.arguments());
        journalId = definition.id();
    }

    @Override
    public UUID id() {
        return id;
    }

    @Override
    public Definition toDefinition() {
        return new Definition.Queue(
                StoredText.read(vhost), StoredText.read(name), autoDelete, StoredTable.read(arguments), journalId);
    }
}
