package io.leveret.broker.store.definition;

import io.leveret.broker.definition.Definition;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.UUID;
import org.hibernate.annotations.SQLDelete;
import org.hibernate.jdbc.Expectation;

/** See {@link Definition.UserLimit}. */
@Entity
@Table(name = "broker_user_limit")
@SQLDelete(sql = "delete from broker_user_limit where id = ?", verify = Expectation.None.class)
final class UserLimitRow implements DefinitionRow {
    @Id
    private UUID id;

    @Column(name = "user_name", nullable = false)
    private String user;

    @Column(name = "limit_name", nullable = false)
    private String limit;

    @Column(name = "limit_value", nullable = false)
    private long value;

    /** For Hibernate, which sets the fields. */
    UserLimitRow() {
        id = RowIds.NONE;
        user = "";
        limit = "";
    }

    UserLimitRow(Definition.UserLimit definition) {
        id = RowIds.of(definition);
        user = StoredText.write(definition.user());
        limit = StoredText.write(definition.limit());
        value = definition.value();
    }

    @Override
    public UUID id() {
        return id;
    }

    @Override
    public Definition toDefinition() {
        return new Definition.UserLimit(StoredText.read(user), StoredText.read(limit), value);
    }
}
