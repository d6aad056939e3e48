package io.leveret.broker.policy;

import io.leveret.broker.auth.NamePattern;
import io.leveret.broker.definition.Definition;
import io.leveret.broker.definition.InvalidDefinitionException;
import io.leveret.broker.text.ErlangText;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.PatternSyntaxException;

/**
 * A policy or operator policy that has been found right. Immutable; safe on any thread.
 *
 * <p>Rules and texts are those of RabbitMQ's rabbit_policy; what it says of a wrong pattern ends in the words of its
 * library for regular expressions, ours in those of Java's.
 */
public final class Policy {
    /** Of mirrored classic queues, which 4.0 removed; old files of definitions still have them. */
    private static final String LEGACY_PREFIX = "ha-";

    private static final String LEGACY_LOCATOR = "queue-master-locator";

    /** An empty pattern is found in every name; {@link NamePattern} has another meaning for it. */
    private static final String ANYWHERE = "(?:)";

    private final Definition.Policy definition;
    private final NamePattern pattern;
    private final Set<PolicyTarget> unsupportedBy;

    private Policy(Definition.Policy definition, NamePattern pattern, Set<PolicyTarget> unsupportedBy) {
        this.definition = definition;
        this.pattern = pattern;
        this.unsupportedBy = unsupportedBy;
    }

    /**
     * Checks a policy without putting it anywhere. An Integer among the values counts as a Long.
     *
     * @throws InvalidDefinitionException with all that is wrong, in RabbitMQ's order
     */
    public static Policy of(Definition.Policy given) {
        Map<String, Object> settings = new LinkedHashMap<>();
        given.definition()
                .forEach((key, value) -> settings.put(key, value instanceof Integer i ? (Long) (long) i : value));
        List<String> errors = new ArrayList<>();
        checkSettings(settings, given.operator(), errors);
        if (!PolicyTarget.isApplyTo(given.applyTo())) {
            // RabbitMQ's own two blanks
            errors.add("apply-to '" + given.applyTo() + "' unrecognised; should be one of: 'queues', 'classic_queues', "
                    + " 'quorum_queues', 'streams', 'exchanges', or 'all'");
        }
        NamePattern pattern = pattern(given.pattern(), errors);
        if (!errors.isEmpty()) {
            throw InvalidDefinitionException.validationFailed(errors);
        }
        Definition.Policy definition = new Definition.Policy(
                given.vhost(),
                given.name(),
                given.operator(),
                given.pattern(),
                given.applyTo(),
                given.priority(),
                settings);
        return new Policy(definition, pattern, unsupportedBy(settings.keySet()));
    }

    /**
     * The same without what only releases before 4.0 knew ({@code ha-mode} and the like), for files that come from them.
     * The result may have nothing left to say; {@link #of} refuses it then.
     */
    public static Definition.Policy withoutLegacySettings(Definition.Policy old) {
        Map<String, Object> settings = new LinkedHashMap<>(old.definition());
        settings.keySet().removeIf(key -> key.startsWith(LEGACY_PREFIX) || key.equals(LEGACY_LOCATOR));
        return new Definition.Policy(
                old.vhost(), old.name(), old.operator(), old.pattern(), old.applyTo(), old.priority(), settings);
    }

    private static void checkSettings(Map<String, Object> settings, boolean operator, List<String> errors) {
        if (settings.isEmpty()) {
            errors.add("no policy provided");
            return;
        }
        Map<String, Object> unknown = new TreeMap<>();
        for (Map.Entry<String, Object> setting : new TreeMap<>(settings).entrySet()) {
            PolicyKey key = PolicyKey.find(setting.getKey());
            if (key == null || operator && !key.isForOperators()) {
                unknown.put(setting.getKey(), setting.getValue());
            } else if (!key.allows(setting.getValue())) {
                errors.add(ErlangText.json(setting.getValue()) + " " + key.refusal());
                return;
            }
        }
        if (!unknown.isEmpty()) {
            errors.add(ErlangText.settings(unknown) + " are not recognised policy settings");
        } else if (delaysWithoutMinimum(settings)) {
            errors.add(PolicyKey.DELAYED_RETRY_MIN.wireName() + " is required when "
                    + PolicyKey.DELAYED_RETRY_TYPE.wireName() + " is not disabled");
        }
    }

    private static boolean delaysWithoutMinimum(Map<String, Object> settings) {
        Object type = settings.get(PolicyKey.DELAYED_RETRY_TYPE.wireName());
        return type != null
                && !type.equals("disabled")
                && !settings.containsKey(PolicyKey.DELAYED_RETRY_MIN.wireName());
    }

    private static NamePattern pattern(String regex, List<String> errors) {
        try {
            return NamePattern.of(regex.isEmpty() ? ANYWHERE : regex);
        } catch (IllegalArgumentException e) {
            String reason = e.getCause() instanceof PatternSyntaxException syntax
                    ? "{\"" + syntax.getDescription() + "\"," + Math.max(syntax.getIndex(), 0) + "}"
                    : e.getMessage();
            errors.add("pattern should be regular expression but is invalid: " + reason);
            return NamePattern.of(ANYWHERE);
        }
    }

    private static Set<PolicyTarget> unsupportedBy(Set<String> settings) {
        Set<PolicyTarget> targets = EnumSet.noneOf(PolicyTarget.class);
        for (String setting : settings) {
            PolicyKey key = PolicyKey.find(setting);
            for (PolicyTarget target : PolicyTarget.values()) {
                if (key != null && key.isUnsupportedBy(target)) {
                    targets.add(target);
                }
            }
        }
        return targets;
    }

    /** As it is kept. */
    public Definition.Policy definition() {
        return definition;
    }

    public String name() {
        return definition.name();
    }

    /** Whether the pattern is found in that name, whatever the name is of. */
    public boolean isFoundIn(String name) {
        return pattern.matches(name);
    }

    /** Whether it applies to a thing of that name and kind, unless one of higher priority does. */
    boolean matches(PolicyTarget target, String name) {
        return target.isMeantBy(definition.applyTo()) && !unsupportedBy.contains(target) && pattern.matches(name);
    }
}
