/** The broker as a program of its own. */
@NullMarked
package io.leveret.broker.app;

import org.jspecify.annotations.NullMarked;
