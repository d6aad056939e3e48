/** Event loops: the single owners of everything that changes. */
@NullMarked
package io.leveret.broker.loop;

import org.jspecify.annotations.NullMarked;
