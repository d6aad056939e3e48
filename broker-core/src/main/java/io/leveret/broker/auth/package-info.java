/** Users, passwords, permissions. */
@NullMarked
package io.leveret.broker.auth;

import org.jspecify.annotations.NullMarked;
