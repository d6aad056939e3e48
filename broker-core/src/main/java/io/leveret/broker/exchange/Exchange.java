package io.leveret.broker.exchange;

import io.leveret.broker.error.AmqpError;
import io.leveret.broker.journal.OwnerIds;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import io.leveret.broker.message.Message;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * An exchange and the bindings of which it is the source.
 *
 * <p>Its bindings are changed by the writer of its virtual host's topology alone; everything else may be called by any
 * thread at any time.
 */
public final class Exchange implements Destination {
    public static final String ALTERNATE_EXCHANGE = "alternate-exchange";

    private final String name;
    private final String vhost;
    private final ExchangeType type;
    private final boolean durable;
    private final boolean autoDelete;
    private final boolean internal;
    private final FieldTable arguments;
    private final @Nullable String alternateByArgument;
    private volatile @Nullable String alternateByPolicy;
    private final BindingTable table;
    private final long id;
    private final Set<Binding> bindings = ConcurrentHashMap.newKeySet();

    /** A new exchange without bindings, of a type that needs no host. */
    public Exchange(
            String name,
            String vhost,
            ExchangeType type,
            boolean durable,
            boolean autoDelete,
            boolean internal,
            FieldTable arguments) {
        this(name, vhost, type, durable, autoDelete, internal, arguments, ExchangeHost.NONE, OwnerIds.NONE);
    }

    /**
     * A new exchange without bindings; its arguments have been validated.
     *
     * @param id by which the journal knows it
     */
    public Exchange(
            String name,
            String vhost,
            ExchangeType type,
            boolean durable,
            boolean autoDelete,
            boolean internal,
            FieldTable arguments,
            ExchangeHost host,
            long id) {
        this.id = id;
        this.name = name;
        this.vhost = vhost;
        this.type = type;
        this.durable = durable;
        this.autoDelete = autoDelete;
        this.internal = internal;
        this.arguments = arguments;
        this.table = type.newTable(new OwnContext(this, host, name, vhost, arguments));
        FieldValue alternate = arguments.get(ALTERNATE_EXCHANGE);
        this.alternateByArgument = alternate != null && alternate.isLongString() ? alternate.asString() : null;
    }

    /** The exchange without a name, of type direct: it has no bindings, each key leads to the queue of that name. */
    public static Exchange defaultExchange(String vhost, QueueLookup queues) {
        ExchangeType type = new DefaultType(queues);
        return new Exchange("", vhost, type, true, false, false, FieldTable.EMPTY);
    }

    /**
     * Refuses arguments that no new exchange may have, then those that its type refuses.
     *
     * @throws AmqpError 406
     */
    public static void validateNewArguments(
            String name, String vhost, ExchangeType type, FieldTable arguments, ExchangeTypes types) {
        FieldValue alternate = arguments.get(ALTERNATE_EXCHANGE);
        if (alternate != null && !alternate.isLongString()) {
            throw AmqpError.preconditionFailed("invalid type '" + alternate.typeName() + "' for arg '"
                    + ALTERNATE_EXCHANGE + "' in " + resource(name, vhost));
        }
        type.validateArguments(arguments, types);
    }

    /**
     * Compares a declaration with this exchange. Of the arguments only {@code alternate-exchange} counts, as in
     * RabbitMQ.
     *
     * @throws AmqpError 406 for the first difference
     */
    public void checkEquivalent(
            String typeName, boolean durable, boolean autoDelete, boolean internal, FieldTable arguments) {
        String resource = resource(name, vhost);
        Equivalence.checkProperty(resource, "type", typeName, type.name());
        Equivalence.checkProperty(resource, "durable", durable, this.durable);
        Equivalence.checkProperty(resource, "auto_delete", autoDelete, this.autoDelete);
        Equivalence.checkProperty(resource, "internal", internal, this.internal);
        Equivalence.checkArgument(
                resource,
                ALTERNATE_EXCHANGE,
                arguments.get(ALTERNATE_EXCHANGE),
                this.arguments.get(ALTERNATE_EXCHANGE));
    }

    /**
     * Refuses a binding that this exchange can't have.
     *
     * @throws AmqpError 406 with the text of the type, 403 for the default exchange
     */
    public void validateBinding(Binding binding) {
        table.validate(binding);
    }

    /**
     * Adds a binding of which this exchange is the source, if it isn't there. Writer only.
     *
     * @return whether it was added
     * @throws AmqpError as {@link #validateBinding}
     */
    public boolean bind(Binding binding) {
        requireOwn(binding);
        table.validate(binding);
        if (!bindings.add(binding)) {
            return false;
        }
        table.add(binding);
        return true;
    }

    /**
     * Removes a binding, if it is there. Writer only.
     *
     * @return whether it was removed
     */
    public boolean unbind(Binding binding) {
        requireOwn(binding);
        if (!bindings.remove(binding)) {
            return false;
        }
        table.remove(binding);
        return true;
    }

    private void requireOwn(Binding binding) {
        if (binding.source() != this) {
            throw new IllegalArgumentException("binding of another exchange: " + binding);
        }
    }

    /** A copy of the bindings for listing, in no particular order; taken during changes, it is weakly consistent. */
    public List<Binding> bindings() {
        return List.copyOf(bindings);
    }

    public int bindingCount() {
        return bindings.size();
    }

    public boolean hasBindings() {
        return !bindings.isEmpty();
    }

    /** Gives its type back what the journal had for it; once, before anybody publishes. */
    public void recovered(List<Message> messages) {
        if (!messages.isEmpty()) {
            table.recovered(messages);
        }
    }

    /** Forgets the messages that its type keeps for it, such as those it holds back. Any thread. */
    public void purge() {
        table.purge();
    }

    /** It is gone, and its type lets go of what it keeps for it. Writer only. */
    public void deleted() {
        table.deleted();
    }

    /**
     * Refuses to be published to if the broker does not know its type.
     *
     * @throws AmqpError 406 with RabbitMQ's text
     */
    public void requireType() {
        if (type instanceof MissingType) {
            throw AmqpError.preconditionFailed(
                    "Cannot route message through " + this + ": exchange type " + type.name() + " not found");
        }
    }

    /** Gives the destinations of the matching bindings to the sink; repetitions are possible. */
    void route(RoutedMessage message, DestinationSink sink) {
        table.route(message, sink);
    }

    boolean routesByKeyAlone() {
        return table.routesByKeyAlone();
    }

    @Override
    public String name() {
        return name;
    }

    /** The name of its virtual host. */
    public String vhost() {
        return vhost;
    }

    public ExchangeType type() {
        return type;
    }

    public boolean isDurable() {
        return durable;
    }

    /** Whether it goes away with its last binding. */
    public boolean isAutoDelete() {
        return autoDelete;
    }

    /** Whether clients may not publish to it. */
    public boolean isInternal() {
        return internal;
    }

    /** Whether this is the exchange without a name. */
    public boolean isDefault() {
        return name.isEmpty();
    }

    /** By which the journal knows it. */
    public long id() {
        return id;
    }

    public FieldTable arguments() {
        return arguments;
    }

    /** The name of the exchange that gets what this one can't route, which need not exist; null if none is set. */
    public @Nullable String alternateExchange() {
        return alternateByArgument != null ? alternateByArgument : alternateByPolicy;
    }

    /**
     * Sets the alternate exchange that a policy names, null for none; an argument of the exchange counts before it. Not of
     * the default exchange, which never has one. Writer only.
     *
     * @return whether messages may go another way now
     */
    public boolean applyAlternateExchange(@Nullable String policyAlternate) {
        if (isDefault() || Objects.equals(policyAlternate, alternateByPolicy)) {
            return false;
        }
        alternateByPolicy = policyAlternate;
        return alternateByArgument == null;
    }

    /** As error texts name it. */
    @Override
    public String toString() {
        return resource(name, vhost);
    }

    private static String resource(String name, String vhost) {
        return "exchange '" + name + "' in vhost '" + vhost + "'";
    }
}
