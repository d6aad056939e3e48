/** A broker for JUnit tests without Spring. */
@NullMarked
package io.leveret.broker.test.junit;

import org.jspecify.annotations.NullMarked;
