package io.leveret.broker.exchange.jms;

import java.util.List;

/** An Erlang term, as far as selectors have them. */
sealed interface Term {
    /** A name, in quotes or without. */
    record Atom(String name) implements Term {}

    /** A binary that is text. */
    record Text(String text) implements Term {}

    /** A {@link Long} or a {@link Double}. */
    record Numeral(Number number) implements Term {}

    record Tuple(List<Term> elements) implements Term {}

    record Sequence(List<Term> elements) implements Term {}
}
