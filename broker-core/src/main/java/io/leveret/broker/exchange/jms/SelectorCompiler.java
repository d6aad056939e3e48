package io.leveret.broker.exchange.jms;

import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes an {@link Expression} of the Erlang term that RabbitMQ's JMS client compiles a selector to, such as
 * <code>{'and',{'=',{'ident',&lt;&lt;"color"&gt;&gt;},&lt;&lt;"blue"&gt;&gt;},{'not_null',{'ident',&lt;&lt;"size"&gt;&gt;}}}</code>.
 */
final class SelectorCompiler {
    private SelectorCompiler() {}

    /** @throws InvalidSelectorException if it is no term, or one that does not come from a selector */
    static Expression compile(String selector) {
        return expression(TermReader.read(selector));
    }

    private static Expression expression(Term term) {
        if (term instanceof Term.Tuple tuple) {
            return operation(tuple.elements());
        }
        Object constant = constant(term);
        return headers -> constant;
    }

    private static Object constant(Term term) {
        if (term instanceof Term.Text text) {
            return text.text();
        }
        if (term instanceof Term.Numeral numeral) {
            return numeral.number();
        }
        if (term instanceof Term.Atom atom
                && (atom.name().equals("true") || atom.name().equals("false"))) {
            return Boolean.valueOf(atom.name());
        }
        throw invalid("no value: " + term);
    }

    private static Expression operation(List<Term> terms) {
        if (terms.isEmpty() || !(terms.get(0) instanceof Term.Atom operator)) {
            throw invalid("no operation");
        }
        return switch (terms.size()) {
            case 2 -> unary(operator.name(), terms.get(1));
            case 3 -> binary(operator.name(), terms.get(1), terms.get(2));
            case 4 -> ternary(operator.name(), terms.get(1), terms.get(2), terms.get(3));
            default -> throw invalid("operation of " + terms.size() + " terms");
        };
    }

    private static Expression unary(String operator, Term operand) {
        if (operator.equals("ident")) {
            String name = text(operand);
            return headers -> header(headers, name);
        }
        Expression value = expression(operand);
        return switch (operator) {
            case "not" -> headers -> Logic.not(value.evaluate(headers));
            case "is_null" -> headers -> value.evaluate(headers) == null;
            case "not_null" -> headers -> value.evaluate(headers) != null;
            case "+" -> headers -> Arithmetic.positive(value.evaluate(headers));
            case "-" -> headers -> Arithmetic.negative(value.evaluate(headers));
            default -> throw invalid(operator);
        };
    }

    private static Expression binary(String operator, Term first, Term second) {
        if (operator.equals("in") || operator.equals("not_in")) {
            return in(expression(first), second, operator.equals("in"));
        }
        if (operator.equals("between") || operator.equals("not_between")) {
            List<Term> range = second instanceof Term.Tuple tuple ? tuple.elements() : List.of();
            if (range.size() != 3 || !range.get(0).equals(new Term.Atom("range"))) {
                throw invalid("no range");
            }
            return ternary(operator, first, range.get(1), range.get(2));
        }
        Expression left = expression(first);
        Expression right = expression(second);
        return switch (operator) {
            case "and" -> headers -> Logic.and(left.evaluate(headers), right.evaluate(headers));
            case "or" -> headers -> Logic.or(left.evaluate(headers), right.evaluate(headers));
            case "=", "<>", "<", "<=", ">", ">=" -> {
                Comparison comparison = Comparison.of(operator);
                yield headers -> comparison.test(left.evaluate(headers), right.evaluate(headers));
            }
            case "+", "-", "*", "/" -> {
                char sign = operator.charAt(0);
                yield headers -> Arithmetic.calculate(sign, left.evaluate(headers), right.evaluate(headers));
            }
            default -> throw invalid(operator);
        };
    }

    private static Expression in(Expression value, Term list, boolean wanted) {
        if (!(list instanceof Term.Sequence sequence)) {
            throw invalid("no list");
        }
        Set<Object> members = new HashSet<>();
        for (Term member : sequence.elements()) {
            members.add(constant(member));
        }
        return headers -> {
            Object found = value.evaluate(headers);
            return found == null ? null : (Boolean) (members.contains(found) == wanted);
        };
    }

    private static Expression ternary(String operator, Term first, Term second, Term third) {
        Expression value = expression(first);
        return switch (operator) {
            case "like", "not_like" -> {
                LikePattern pattern = LikePattern.of(text(second), escape(third));
                boolean wanted = operator.equals("like");
                yield headers -> value.evaluate(headers) instanceof String text
                        ? (Boolean) (pattern.matches(text) == wanted)
                        : null;
            }
            case "between", "not_between" -> {
                Expression low = expression(second);
                Expression high = expression(third);
                boolean wanted = operator.equals("between");
                yield headers -> {
                    Object within = Logic.and(
                            Comparison.AT_MOST.test(low.evaluate(headers), value.evaluate(headers)),
                            Comparison.AT_MOST.test(value.evaluate(headers), high.evaluate(headers)));
                    return wanted ? within : Logic.not(within);
                };
            }
            default -> throw invalid(operator);
        };
    }

    /** The escape character, -1 for none. */
    private static int escape(Term term) {
        if (term.equals(new Term.Atom("no_escape"))) {
            return -1;
        }
        String escape = text(term);
        if (escape.length() != 1) {
            throw invalid("escape of more or less than one character");
        }
        return escape.charAt(0);
    }

    private static String text(Term term) {
        if (term instanceof Term.Text text) {
            return text.text();
        }
        throw invalid("no text: " + term);
    }

    private static @Nullable Object header(FieldTable headers, String name) {
        FieldValue value = headers.get(name);
        @Nullable Object content = value == null ? null : value.value();
        if (content instanceof Float number) {
            return (double) number;
        }
        return content instanceof Boolean
                        || content instanceof Long
                        || content instanceof Double
                        || content instanceof String
                ? content
                : null;
    }

    private static InvalidSelectorException invalid(String what) {
        return new InvalidSelectorException(what);
    }
}
