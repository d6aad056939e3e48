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

/** See {@link Definition.Binding}. */
@Entity
@Table(name = "broker_binding")
@SQLDelete(sql = "delete from broker_binding where id = ?", verify = Expectation.None.class)
final class BindingRow implements DefinitionRow {
    @Id
    private UUID id;

    @Column(name = "vhost", nullable = false)
    private String vhost;

    @Column(name = "source", nullable = false)
    private String source;

    @Column(name = "destination", nullable = false)
    private String destination;

    @Column(name = "to_queue", nullable = false)
    private boolean toQueue;

    @Column(name = "routing_key", nullable = false)
    private String routingKey;

    @Column(name = "arguments", nullable = false, length = Length.LONG32)
    private byte[] arguments;

    /** For Hibernate, which sets the fields. */
    BindingRow() {
        id = RowIds.NONE;
        vhost = "";
        source = "";
        destination = "";
        routingKey = "";
        arguments = StoredTable.NONE;
    }

    BindingRow(Definition.Binding definition) {
        id = RowIds.of(definition);
        vhost = StoredText.write(definition.vhost());
        source = StoredText.write(definition.source());
        destination = StoredText.write(definition.destination());
        toQueue = definition.toQueue();
        routingKey = StoredText.write(definition.routingKey());
        arguments = StoredTable.write(definition.arguments());
    }

    @Override
    public UUID id() {
        return id;
    }

    @Override
    public Definition toDefinition() {
        return new Definition.Binding(
                StoredText.read(vhost),
                StoredText.read(source),
                StoredText.read(destination),
                toQueue,
                StoredText.read(routingKey),
                StoredTable.read(arguments));
    }
}
