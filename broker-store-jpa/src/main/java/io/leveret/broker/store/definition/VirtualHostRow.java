package io.leveret.broker.store.definition;

import io.leveret.broker.definition.Definition;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.Set;
import java.util.UUID;
import org.hibernate.Length;
import org.hibernate.annotations.SQLDelete;
import org.hibernate.jdbc.Expectation;
import org.jspecify.annotations.Nullable;

/** See {@link Definition.VirtualHost}. */
@Entity
@Table(name = "broker_vhost")
@SQLDelete(sql = "delete from broker_vhost where id = ?", verify = Expectation.None.class)
final class VirtualHostRow implements DefinitionRow {
    @Id
    private UUID id;

    @Column(name = "name", nullable = false)
    private String name;

    @Column(name = "description", nullable = false, length = Length.LONG32)
    private String description;

    @Column(name = "tags", nullable = false, length = Length.LONG32)
    private String tags;

    @Column(name = "default_queue_type")
    private @Nullable String defaultQueueType;

    /** For Hibernate, which sets the fields. */
    VirtualHostRow() {
        id = RowIds.NONE;
        name = "";
        description = "";
        tags = "";
    }

    VirtualHostRow(Definition.VirtualHost definition) {
        id = RowIds.of(definition);
        name = StoredText.write(definition.name());
        description = StoredText.write(definition.description());
        tags = StoredJson.write(definition.tags());
        defaultQueueType =
                definition.defaultQueueType() == null ? null : StoredText.write(definition.defaultQueueType());
    }

    @Override
    public UUID id() {
        return id;
    }

    @Override
    public Definition toDefinition() {
        return new Definition.VirtualHost(
                StoredText.read(name),
                StoredText.read(description),
                Set.copyOf(StoredJson.readTexts(tags)),
                defaultQueueType == null ? null : StoredText.read(defaultQueueType));
    }
}
