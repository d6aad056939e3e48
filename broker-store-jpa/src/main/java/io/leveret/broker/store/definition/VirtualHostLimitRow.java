package io.leveret.broker.store.definition;

import io.leveret.broker.definition.Definition;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.UUID;
import org.hibernate.annotations.SQLDelete;
import org.hibernate.jdbc.Expectation;

/** See {@link Definition.VirtualHostLimit}. */
@Entity
@Table(name = "broker_vhost_limit")
@SQLDelete(sql = "delete from broker_vhost_limit where id = ?", verify = Expectation.None.class)
final class VirtualHostLimitRow implements DefinitionRow {
    @Id
    private UUID id;

    @Column(name = "vhost", nullable = false)
    private String vhost;

    @Column(name = "limit_name", nullable = false)
    private String limit;

    @Column(name = "limit_value", nullable = false)
    private long value;

    /** For Hibernate, which sets the fields. */
    VirtualHostLimitRow() {
        id = RowIds.NONE;
        vhost = "";
        limit = "";
    }

    VirtualHostLimitRow(Definition.VirtualHostLimit definition) {
        id = RowIds.of(definition);
        vhost = StoredText.write(definition.vhost());
        limit = StoredText.write(definition.limit());
        value = definition.value();
    }

    @Override
    public UUID id() {
        return id;
    }

    @Override
    public Definition toDefinition() {
        return new Definition.VirtualHostLimit(StoredText.read(vhost), StoredText.read(limit), value);
    }
}
