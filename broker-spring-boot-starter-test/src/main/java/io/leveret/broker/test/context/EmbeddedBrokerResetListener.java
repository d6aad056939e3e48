package io.leveret.broker.test.context;

import io.leveret.broker.test.client.BrokerTestClient;
import io.leveret.broker.test.context.EmbeddedBroker.Reset;
import org.springframework.core.Ordered;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestContextAnnotationUtils;
import org.springframework.test.context.TestExecutionListener;

/** Does what {@link EmbeddedBroker#reset} says. */
final class EmbeddedBrokerResetListener implements TestExecutionListener, Ordered {
    /** Before what puts messages there, such as scripts and other listeners of tests. */
    private static final int ORDER = 1_000;

    @Override
    public int getOrder() {
        return ORDER;
    }

    @Override
    public void beforeTestMethod(TestContext test) {
        EmbeddedBroker annotation =
                TestContextAnnotationUtils.findMergedAnnotation(test.getTestClass(), EmbeddedBroker.class);
        if (annotation == null || annotation.reset() == Reset.NONE) {
            return;
        }
        BrokerTestClient client = test.getApplicationContext()
                .getBeanProvider(BrokerTestClient.class)
                .getIfAvailable();
        if (client == null) {
            throw new IllegalStateException("no embedded broker is there to be reset before each test of "
                    + test.getTestClass().getName() + "; a slice has one with @AutoConfigureEmbeddedBroker");
        }
        client.reset();
    }
}
