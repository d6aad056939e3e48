package io.leveret.broker.definition;

/**
 * Where in a definitions file an entry stands, for messages.
 *
 * @param file as the user named it
 * @param section such as {@code queues}
 * @param index counts from 0 within the section
 * @param line counts from 1 within the file
 * @param name what the entry is called, with its virtual host if it is in one; empty if that is not known
 */
public record Place(String file, String section, int index, int line, String name) {

    /** The same with the name of the entry. */
    public Place named(String found) {
        return new Place(file, section, index, line, found);
    }

    /** Such as {@code queues[12] 'q' in vhost '/' (line 48)}. */
    @Override
    public String toString() {
        return section + "[" + index + "]" + (name.isEmpty() ? "" : " " + name) + " (line " + line + ")";
    }
}
