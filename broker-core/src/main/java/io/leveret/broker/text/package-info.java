/** The strings of the protocol, kept byte for byte. */
@NullMarked
package io.leveret.broker.text;

import org.jspecify.annotations.NullMarked;
