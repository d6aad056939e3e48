package io.leveret.broker.amqp.raw;

import java.util.List;

/**
 * A method with content that the server sent.
 *
 * @param method the arguments of basic.deliver, basic.get-ok or basic.return
 * @param flags the property flags of the content header
 * @param properties the bytes behind the flags
 * @param bodyFrameSizes the payload lengths of the body frames, in order
 */
public record Content(WireReader method, int flags, byte[] properties, byte[] body, List<Integer> bodyFrameSizes) {}
