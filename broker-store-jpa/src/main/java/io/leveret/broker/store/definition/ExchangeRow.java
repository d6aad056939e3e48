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

/** See {@link Definition.Exchange}. */
@Entity
@Table(name = "broker_exchange")
@SQLDelete(sql = "delete from broker_exchange where id = ?", verify = Expectation.None.class)
final class ExchangeRow implements DefinitionRow {
    @Id
    private UUID id;

    @Column(name = "vhost", nullable = false)
    private String vhost;

    @Column(name = "name", nullable = false)
    private String name;

    @Column(name = "exchange_type", nullable = false)
    private String type;

    @Column(name = "durable", nullable = false)
    private boolean durable;

    @Column(name = "auto_delete", nullable = false)
    private boolean autoDelete;

    @Column(name = "internal", nullable = false)
    private boolean internal;

    @Column(name = "arguments", nullable = false, length = Length.LONG32)
    private byte[] arguments;

    @Column(name = "journal_id", nullable = false)
    private long journalId;

    /** For Hibernate, which sets the fields. */
    ExchangeRow() {
        id = RowIds.NONE;
        vhost = "";
        name = "";
        type = "";
        arguments = StoredTable.NONE;
    }

    ExchangeRow(Definition.Exchange definition) {
        id = RowIds.of(definition);
        vhost = StoredText.write(definition.vhost());
        name = StoredText.write(definition.name());
        type = StoredText.write(definition.type());
        durable = definition.durable();
        autoDelete = definition.autoDelete();
        internal = definition.internal();
        arguments = StoredTable.write(definition.arguments());
        journalId = definition.id();
    }

    @Override
    public UUID id() {
        return id;
    }

    @Override
    public Definition toDefinition() {
        return new Definition.Exchange(
                StoredText.read(vhost),
                StoredText.read(name),
                StoredText.read(type),
                durable,
                autoDelete,
                internal,
                StoredTable.read(arguments),
                journalId);
    }
}
