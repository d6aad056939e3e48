/**
 * What a broker has to do to be taken for RabbitMQ: one class for each line of the acceptance checklist, each complete in
 * itself. The corners of each feature are in {@code behaviour} and {@code raw}, to which the classes here refer.
 */
@NullMarked
package io.leveret.broker.amqp.checklist;

import org.jspecify.annotations.NullMarked;
