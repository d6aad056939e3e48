package io.leveret.broker.policy;

import io.leveret.broker.definition.Definition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The policies of a virtual host at one moment. Immutable; safe on any thread.
 *
 * <p>To each thing applies at most one policy and, if it is a queue, one operator policy: of those that match it the one
 * with the highest priority, and among equals, where RabbitMQ leaves it open, the first by name.
 */
public final class Policies {
    public static final Policies NONE = new Policies(List.of(), List.of());

    private static final Comparator<Policy> ORDER = Comparator.comparingInt(
                    (Policy policy) -> policy.definition().priority())
            .reversed()
            .thenComparing(Policy::name);

    private final List<Policy> users;
    private final List<Policy> operators;

    private Policies(List<Policy> users, List<Policy> operators) {
        this.users = users;
        this.operators = operators;
    }

    /** These with some more, which take the place of those with the same names. */
    public Policies with(List<Policy> added) {
        return new Policies(with(users, added, false), with(operators, added, true));
    }

    private static List<Policy> with(List<Policy> old, List<Policy> added, boolean operator) {
        Map<String, Policy> byName = new TreeMap<>();
        old.forEach(policy -> byName.put(policy.name(), policy));
        for (Policy policy : added) {
            if (policy.definition().operator() == operator) {
                byName.put(policy.name(), policy);
            }
        }
        return byName.values().stream().sorted(ORDER).toList();
    }

    /** These without one. */
    public Policies without(Policy removed) {
        List<Policy> keptUsers = new ArrayList<>(users);
        keptUsers.remove(removed);
        List<Policy> keptOperators = new ArrayList<>(operators);
        keptOperators.remove(removed);
        return new Policies(List.copyOf(keptUsers), List.copyOf(keptOperators));
    }

    public boolean isEmpty() {
        return users.isEmpty() && operators.isEmpty();
    }

    /** The policy, or operator policy, of that name. */
    public @Nullable Policy find(String name, boolean operator) {
        for (Policy policy : operator ? operators : users) {
            if (policy.name().equals(name)) {
                return policy;
            }
        }
        return null;
    }

    /** All policies, or all operator policies, those with the highest priority first. */
    public List<Definition.Policy> list(boolean operator) {
        return (operator ? operators : users).stream().map(Policy::definition).toList();
    }

    /** The policy that applies to a queue or an exchange. */
    public @Nullable Policy applyingTo(PolicyTarget target, String name) {
        return first(users, target, name);
    }

    /** The operator policy that applies to a queue. */
    public @Nullable Policy operatorApplyingTo(PolicyTarget target, String name) {
        return target == PolicyTarget.EXCHANGE ? null : first(operators, target, name);
    }

    private static @Nullable Policy first(List<Policy> ordered, PolicyTarget target, String name) {
        for (int i = 0; i < ordered.size(); i++) {
            if (ordered.get(i).matches(target, name)) {
                return ordered.get(i);
            }
        }
        return null;
    }

    /** What the policies that apply to a queue or an exchange say together, ordered by key; empty when none applies. */
    public Map<String, Object> effectiveDefinition(PolicyTarget target, String name) {
        return merged(applyingTo(target, name), operatorApplyingTo(target, name));
    }

    static Map<String, Object> merged(@Nullable Policy user, @Nullable Policy operator) {
        Map<String, Object> merged = new TreeMap<>();
        if (user != null) {
            merged.putAll(user.definition().definition());
        }
        if (operator != null) {
            operator.definition().definition().forEach((name, value) -> {
                PolicyKey key = PolicyKey.find(name);
                merged.merge(name, value, (mine, theirs) -> key == null ? theirs : key.merge(mine, theirs));
            });
        }
        return merged;
    }

    /** What a classic queue of that name goes by. */
    public QueuePolicy ofClassicQueue(String name) {
        if (isEmpty()) {
            return QueuePolicy.NONE;
        }
        Policy user = applyingTo(PolicyTarget.CLASSIC_QUEUE, name);
        Policy operator = operatorApplyingTo(PolicyTarget.CLASSIC_QUEUE, name);
        return user == null && operator == null ? QueuePolicy.NONE : QueuePolicy.of(user, operator);
    }

    /** The alternate exchange for an exchange of that name. */
    public @Nullable String alternateExchange(String exchange) {
        Policy policy = users.isEmpty() ? null : applyingTo(PolicyTarget.EXCHANGE, exchange);
        return policy == null
                ? null
                : (String) policy.definition().definition().get(PolicyKey.ALTERNATE_EXCHANGE.wireName());
    }
}
