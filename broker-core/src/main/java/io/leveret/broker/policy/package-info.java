/** Policies: settings that operators put on queues and exchanges by name, and change while those are in use. */
@NullMarked
package io.leveret.broker.policy;

import org.jspecify.annotations.NullMarked;
