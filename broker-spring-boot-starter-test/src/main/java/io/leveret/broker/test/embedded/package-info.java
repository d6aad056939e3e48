/** A broker by itself, with the settings of the starter and without an application around it. */
@NullMarked
package io.leveret.broker.test.embedded;

import org.jspecify.annotations.NullMarked;
