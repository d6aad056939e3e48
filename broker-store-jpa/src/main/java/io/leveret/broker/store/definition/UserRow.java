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

/** See {@link Definition.User}. */
@Entity
@Table(name = "broker_user")
@SQLDelete(sql = "delete from broker_user where id = ?", verify = Expectation.None.class)
final class UserRow implements DefinitionRow {
    @Id
    private UUID id;

    @Column(name = "name", nullable = false)
    private String name;

    @Column(name = "password_hash", nullable = false)
    private String passwordHash;

    @Column(name = "hashing_algorithm", nullable = false)
    private String hashingAlgorithm;

    @Column(name = "tags", nullable = false, length = Length.LONG32)
    private String tags;

    /** For Hibernate, which sets the fields. */
    UserRow() {
        id = RowIds.NONE;
        name = "";
        passwordHash = "";
        hashingAlgorithm = "";
        tags = "";
    }

    UserRow(Definition.User definition) {
        id = RowIds.of(definition);
        name = StoredText.write(definition.name());
        passwordHash = StoredText.write(definition.passwordHash());
        hashingAlgorithm = StoredText.write(definition.hashingAlgorithm());
        tags = StoredJson.write(definition.tags());
    }

    @Override
    public UUID id() {
        return id;
    }

    @Override
    public Definition toDefinition() {
        return new Definition.User(
                StoredText.read(name),
                StoredText.read(passwordHash),
                StoredText.read(hashingAlgorithm),
                Set.copyOf(StoredJson.readTexts(tags)));
    }
}
