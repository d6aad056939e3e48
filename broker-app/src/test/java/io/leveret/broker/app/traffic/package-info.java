/** Clients that load a broker and know afterwards what it owes them. */
@NullMarked
package io.leveret.broker.app.traffic;

import org.jspecify.annotations.NullMarked;
