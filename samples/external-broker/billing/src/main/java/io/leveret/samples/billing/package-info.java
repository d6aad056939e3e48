/** The service that writes invoices for purchases. */
@NullMarked
package io.leveret.samples.billing;

import org.jspecify.annotations.NullMarked;
