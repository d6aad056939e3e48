package io.leveret.broker.store.definition;

import io.leveret.broker.definition.Definition;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.UUID;
import org.hibernate.annotations.SQLDelete;
import org.hibernate.jdbc.Expectation;

/** See {@link Definition.Permission}. */
@Entity
@Table(name = "broker_permission")
@SQLDelete(sql = "delete from broker_permission where id = ?", verify = Expectation.None.class)
final class PermissionRow implements DefinitionRow {
    @Id
    private UUID id;

    @Column(name = "user_name", nullable = false)
    private String user;

    @Column(name = "vhost", nullable = false)
    private String vhost;

    @Column(name = "configure_pattern", nullable = false)
    private String configure;

    @Column(name = "write_pattern", nullable = false)
    private String write;

    @Column(name = "read_pattern", nullable = false)
    private String read;

    /** For Hibernate, which sets the fields. */
    PermissionRow() {
        id = RowIds.NONE;
        user = "";
        vhost = "";
        configure = "";
        write = "";
        read = "";
    }

    PermissionRow(Definition.Permission definition) {
        id = RowIds.of(definition);
        user = StoredText.write(definition.user());
        vhost = StoredText.write(definition.vhost());
        configure = StoredText.write(definition.configure());
        write = StoredText.write(definition.write());
        read = StoredText.write(definition.read());
    }

    @Override
    public UUID id() {
        return id;
    }

    @Override
    public Definition toDefinition() {
        return new Definition.Permission(
                StoredText.read(user),
                StoredText.read(vhost),
                StoredText.read(configure),
                StoredText.read(write),
                StoredText.read(read));
    }
}
