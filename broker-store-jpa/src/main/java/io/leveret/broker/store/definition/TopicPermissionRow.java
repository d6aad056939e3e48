package io.leveret.broker.store.definition;

import io.leveret.broker.definition.Definition;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.UUID;
import org.hibernate.annotations.SQLDelete;
import org.hibernate.jdbc.Expectation;

/** See {@link Definition.TopicPermission}. */
@Entity
@Table(name = "broker_topic_permission")
@SQLDelete(sql = "delete from broker_topic_permission where id = ?", verify = Expectation.None.class)
final class TopicPermissionRow implements DefinitionRow {
    @Id
    private UUID id;

    @Column(name = "user_name", nullable = false)
    private String user;

    @Column(name = "vhost", nullable = false)
    private String vhost;

    @Column(name = "exchange", nullable = false)
    private String exchange;

    @Column(name = "write_pattern", nullable = false)
    private String write;

    @Column(name = "read_pattern", nullable = false)
    private String read;

    /** For Hibernate, which sets the fields. */
    TopicPermissionRow() {
        id = RowIds.NONE;
        user = "";
        vhost = "";
        exchange = "";
        write = "";
        read = "";
    }

    TopicPermissionRow(Definition.TopicPermission definition) {
        id = RowIds.of(definition);
        user = StoredText.write(definition.user());
        vhost = StoredText.write(definition.vhost());
        exchange = StoredText.write(definition.exchange());
        write = StoredText.write(definition.write());
        read = StoredText.write(definition.read());
    }

    @Override
    public UUID id() {
        return id;
    }

    @Override
    public Definition toDefinition() {
        return new Definition.TopicPermission(
                StoredText.read(user),
                StoredText.read(vhost),
                StoredText.read(exchange),
                StoredText.read(write),
                StoredText.read(read));
    }
}
