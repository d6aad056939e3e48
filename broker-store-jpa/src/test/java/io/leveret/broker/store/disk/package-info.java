/** Disks that lose and refuse what is written to them. */
@NullMarked
package io.leveret.broker.store.disk;

import org.jspecify.annotations.NullMarked;
