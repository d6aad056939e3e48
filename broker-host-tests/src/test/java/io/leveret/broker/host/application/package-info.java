/** The applications. */
@NullMarked
package io.leveret.broker.host.application;

import org.jspecify.annotations.NullMarked;
