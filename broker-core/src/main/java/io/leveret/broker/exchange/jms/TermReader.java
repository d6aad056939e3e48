package io.leveret.broker.exchange.jms;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads an Erlang term from its text: atoms, binaries made of one string, numbers, tuples and lists, with a full stop at the
 * end or without. Nothing nests deeper than {@value #MAX_DEPTH} levels. For one text.
 */
final class TermReader {
    static final int MAX_DEPTH = 500;

    private final String text;
    private int at;

    private TermReader(String text) {
        this.text = text;
    }

    /** @throws InvalidSelectorException if it is no such term */
    static Term read(String text) {
        TermReader reader = new TermReader(text);
        Term term = reader.term(0);
        reader.take('.');
        reader.skipBlanks();
        if (reader.at < text.length()) {
            throw reader.unexpected();
        }
        return term;
    }

    private Term term(int depth) {
        if (depth > MAX_DEPTH) {
            throw new InvalidSelectorException("nested deeper than " + MAX_DEPTH + " levels");
        }
        skipBlanks();
        char first = peek();
        if (first == '{') {
            return new Term.Tuple(elements('}', depth));
        }
        if (first == '[') {
            return new Term.Sequence(elements(']', depth));
        }
        if (first == '<') {
            return new Term.Text(binary());
        }
        if (first == '\'') {
            return new Term.Atom(quoted('\''));
        }
        if (first >= 'a' && first <= 'z') {
            return new Term.Atom(word());
        }
        return new Term.Numeral(number());
    }

    private List<Term> elements(char end, int depth) {
        at++;
        List<Term> elements = new ArrayList<>();
        if (take(end)) {
            return elements;
        }
        do {
            elements.add(term(depth + 1));
        } while (take(','));
        require(end);
        return elements;
    }

    private String binary() {
        require('<');
        require('<');
        skipBlanks();
        String content = peek() == '"' ? quoted('"') : "";
        if (take('/') && !word().equals("utf8")) {
            throw unexpected();
        }
        require('>');
        require('>');
        return content;
    }

    private String quoted(char quote) {
        at++;
        StringBuilder content = new StringBuilder();
        while (peek() != quote) {
            char next = text.charAt(at++);
            content.append(next == '\\' ? escaped() : next);
        }
        at++;
        return content.toString();
    }

    private char escaped() {
        char escaped = peek();
        at++;
        return switch (escaped) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'v' -> '\u000b';
            case 's' -> ' ';
            case 'e' -> '\u001b';
            case 'd' -> '\u007f';
            default -> escaped;
        };
    }

    private String word() {
        int start = at;
        while (at < text.length()
                && (Character.isLetterOrDigit(text.charAt(at)) || "_@".indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        return text.substring(start, at);
    }

    private Number number() {
        int start = at;
        if (peek() == '-' || peek() == '+') {
            at++;
        }
        skipDigits();
        if (at < text.length() && text.charAt(at) == '#') {
            return based(start);
        }
        // a full stop without a digit behind it ends the term
        if (at + 1 >= text.length() || text.charAt(at) != '.' || !isDigit(text.charAt(at + 1))) {
            return integer(text.substring(start, at), 10);
        }
        at++;
        skipDigits();
        if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
            at++;
            if (peek() == '-' || peek() == '+') {
                at++;
            }
            skipDigits();
        }
        return floating(text.substring(start, at));
    }

    /** Such as {@code 16#FF}. */
    private Number based(int start) {
        String sign = text.charAt(start) == '-' ? "-" : "";
        int base = integer(text.substring(start, at), 10).intValue();
        at++;
        int radix = Math.abs(base);
        if (radix < Character.MIN_RADIX || radix > Character.MAX_RADIX) {
            throw unexpected();
        }
        return integer(sign + word(), radix);
    }

    private Number integer(String digits, int radix) {
        try {
            BigInteger value = new BigInteger(digits, radix);
            return value.bitLength() < Long.SIZE ? (Number) value.longValue() : (Number) value.doubleValue();
        } catch (NumberFormatException e) {
            throw unexpected();
        }
    }

    private Number floating(String digits) {
        try {
            double value = Double.parseDouble(digits);
            if (Double.isInfinite(value)) {
                throw unexpected();
            }
            return value;
        } catch (NumberFormatException e) {
            throw unexpected();
        }
    }

    private void skipDigits() {
        while (at < text.length() && isDigit(text.charAt(at))) {
            at++;
        }
    }

    private static boolean isDigit(char character) {
        return character >= '0' && character <= '9';
    }

    private void skipBlanks() {
        while (at < text.length() && text.charAt(at) <= ' ') {
            at++;
        }
    }

    private char peek() {
        if (at >= text.length()) {
            throw unexpected();
        }
        return text.charAt(at);
    }

    /** Steps over blanks and a character, if it is that. */
    private boolean take(char wanted) {
        skipBlanks();
        if (at < text.length() && text.charAt(at) == wanted) {
            at++;
            return true;
        }
        return false;
    }

    private void require(char wanted) {
        if (!take(wanted)) {
            throw unexpected();
        }
    }

    private InvalidSelectorException unexpected() {
        return new InvalidSelectorException("not a term at character " + at);
    }
}
