/** The service that sells: tells of purchases and gets invoices. */
@NullMarked
package io.leveret.samples.shop;

import org.jspecify.annotations.NullMarked;
