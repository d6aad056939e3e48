package io.leveret.broker.definition;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Definitions of a file that cannot be imported, so that none of them was. The message names the entries: all bad ones of
 * the first section that has any, a part of them if they are many.
 */
public final class DefinitionsImportException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int MOST_SHOWN = 20;

    private final String file;
    private final transient List<Problem> problems;

    /**
     * What is wrong.
     *
     * @param entry section, index, names and line of the entry, empty for the file as a whole
     */
    public record Problem(String entry, String text) {
        /** Of an entry. */
        public static Problem of(Place place, String text) {
            return new Problem(place.toString(), text);
        }

        @Override
        public String toString() {
            return entry.isEmpty() ? text : entry + ": " + text;
        }
    }

    /** An entry is wrong. */
    public DefinitionsImportException(Place place, String problem) {
        this(place.file(), List.of(Problem.of(place, problem)), null);
    }

    /** An entry is wrong, as another check has found. */
    public DefinitionsImportException(Place place, RuntimeException cause) {
        this(place.file(), List.of(Problem.of(place, String.valueOf(cause.getMessage()))), cause);
    }

    /** The file as a whole is wrong. */
    public DefinitionsImportException(String file, String problem) {
        this(file, List.of(new Problem("", problem)), null);
    }

    /** The file as a whole is wrong, as reading it has found. */
    public DefinitionsImportException(String file, String problem, RuntimeException cause) {
        this(file, List.of(new Problem("", problem)), cause);
    }

    /** Several entries are wrong. */
    public DefinitionsImportException(String file, List<Problem> problems) {
        this(file, problems, null);
    }

    private DefinitionsImportException(String file, List<Problem> problems, @Nullable RuntimeException cause) {
        super(file + ": " + text(problems), cause);
        this.file = file;
        this.problems = List.copyOf(problems);
    }

    private static String text(List<Problem> problems) {
        String shown =
                problems.stream().limit(MOST_SHOWN).map(Problem::toString).collect(Collectors.joining("\n"));
        return problems.size() <= MOST_SHOWN ? shown : shown + "\nand " + (problems.size() - MOST_SHOWN) + " more";
    }

    /** What was read, as the user named it. */
    public String file() {
        return file;
    }

    /** What is wrong, never empty. */
    public List<Problem> problems() {
        return problems;
    }

    /** What is wrong, one line each. */
    public String explanation() {
        return text(problems);
    }
}
