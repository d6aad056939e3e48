/** Bringing the definitions of files into a broker: all of them or, when one is wrong, none. */
@NullMarked
package io.leveret.broker.definition.merge;

import org.jspecify.annotations.NullMarked;
