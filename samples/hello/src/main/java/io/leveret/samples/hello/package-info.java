/** The smallest application with a broker inside. */
@NullMarked
package io.leveret.samples.hello;

import org.jspecify.annotations.NullMarked;
