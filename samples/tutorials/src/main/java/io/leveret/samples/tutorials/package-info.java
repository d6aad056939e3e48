/** RabbitMQ's seven tutorials, each in one file and started by a profile of its own. */
@NullMarked
package io.leveret.samples.tutorials;

import org.jspecify.annotations.NullMarked;
