/** Exchange types that give each message to one of their destinations: by chance or by a hash. */
@NullMarked
package io.leveret.broker.exchange.choice;

import org.jspecify.annotations.NullMarked;
