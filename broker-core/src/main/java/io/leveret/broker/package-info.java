/** The broker and how to embed it. */
@NullMarked
package io.leveret.broker;

import org.jspecify.annotations.NullMarked;
