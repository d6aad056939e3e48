/** What the broker may use at most: memory, disk, numbers of things. */
@NullMarked
package io.leveret.broker.limit;

import org.jspecify.annotations.NullMarked;
