package io.leveret.broker.amqp.leak;

import io.netty.util.ResourceLeakDetectorFactory;
import java.util.List;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Fails the test run when Netty's leak detector has reported anything by its end. JUnit finds it through
 * {@code META-INF/services}; it has to come before the first use of a buffer, which is when Netty asks for its detectors.
 */
public final class LeakListener implements LauncherSessionListener {
    private final LeakReports reports = new LeakReports();

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(reports.factory());
    }

    @Override
    public void launcherSessionClosed(LauncherSession session) {
        try {
            reports.collectGarbage();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while looking for leaked buffers", e);
        }
        failOn(reports.all());
    }

    static void failOn(List<String> leaks) {
        if (!leaks.isEmpty()) {
            throw new AssertionError("Netty found " + leaks.size() + " leaked buffer(s):\n" + String.join("\n", leaks));
        }
    }
}
