package io.leveret.broker.store.definition;

import io.leveret.broker.definition.Definition;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.Objects;
import java.util.UUID;
import org.hibernate.Length;
import org.hibernate.annotations.SQLDelete;
import org.hibernate.jdbc.Expectation;
import org.jspecify.annotations.Nullable;

/** See {@link Definition.Parameter}. */
@Entity
@Table(name = "broker_parameter")
@SQLDelete(sql = "delete from broker_parameter where id = ?", verify = Expectation.None.class)
final class ParameterRow implements DefinitionRow {
    @Id
    private UUID id;

    @Column(name = "vhost")
    private @Nullable String vhost;

    @Column(name = "component", nullable = false)
    private String component;

    @Column(name = "name", nullable = false)
    private String name;

    @Column(name = "json", nullable = false, length = Length.LONG32)
    private String json;

    /** For Hibernate, which sets the fields. */
    ParameterRow() {
        id = RowIds.NONE;
        component = "";
        name = "";
        json = "";
    }

    ParameterRow(Definition.Parameter definition) {
        id = RowIds.of(definition);
        vhost = definition.vhost() == null ? null : StoredText.write(definition.vhost());
        component = StoredText.write(definition.component());
        name = StoredText.write(definition.name());
        json = StoredJson.write(definition.value());
    }

    @Override
    public UUID id() {
        return id;
    }

    @Override
    public Definition toDefinition() {
        return new Definition.Parameter(
                vhost == null ? null : StoredText.read(vhost),
                StoredText.read(component),
                StoredText.read(name),
                Objects.requireNonNull(StoredJson.read(json)));
    }
}
