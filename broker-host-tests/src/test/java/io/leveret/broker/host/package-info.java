/** Applications with databases of their own, with and without a persistent broker in them. */
@NullMarked
package io.leveret.broker.host;

import org.jspecify.annotations.NullMarked;
