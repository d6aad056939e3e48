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

/** See {@link Definition.Policy}. */
@Entity
@Table(name = "broker_policy")
@SQLDelete(sql = "delete from broker_policy where id = ?", verify = Expectation.None.class)
final class PolicyRow implements DefinitionRow {
    @Id
    private UUID id;

    @Column(name = "vhost", nullable = false)
    private String vhost;

    @Column(name = "name", nullable = false)
    private String name;

    @Column(name = "operator", nullable = false)
    private boolean operator;

    @Column(name = "pattern", nullable = false)
    private String pattern;

    @Column(name = "apply_to", nullable = false)
    private String applyTo;

    @Column(name = "priority", nullable = false)
    private int priority;

    @Column(name = "json", nullable = false, length = Length.LONG32)
    private String json;

    /** For Hibernate, which sets the fields. */
    PolicyRow() {
        id = RowIds.NONE;
        vhost = "";
        name = "";
        pattern = "";
        applyTo = "";
        json = "";
    }

    PolicyRow(Definition.Policy definition) {
        id = RowIds.of(definition);
        vhost = StoredText.write(definition.vhost());
        name = StoredText.write(definition.name());
        operator = definition.operator();
        pattern = StoredText.write(definition.pattern());
        applyTo = StoredText.write(definition.applyTo());
        priority = definition.priority();
        json = StoredJson.write(definition.definition());
    }

    @Override
    public UUID id() {
        return id;
    }

    @Override
    public Definition toDefinition() {
        return new Definition.Policy(
                StoredText.read(vhost),
                StoredText.read(name),
                operator,
                StoredText.read(pattern),
                StoredText.read(applyTo),
                priority,
                StoredJson.readObject(json));
    }
}
