/** The rules of the house, checked. */
@NullMarked
package io.leveret.broker.architecture;

import org.jspecify.annotations.NullMarked;
