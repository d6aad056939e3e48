/** How tests make a broker run short of memory or disk. */
@NullMarked
package io.leveret.broker.amqp.alarm;

import org.jspecify.annotations.NullMarked;
