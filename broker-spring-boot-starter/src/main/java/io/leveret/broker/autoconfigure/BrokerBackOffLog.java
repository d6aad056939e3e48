package io.leveret.broker.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionEvaluationReport;
import org.springframework.boot.autoconfigure.condition.ConditionEvaluationReport.ConditionAndOutcome;
import org.springframework.boot.autoconfigure.condition.ConditionEvaluationReport.ConditionAndOutcomes;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ContextRefreshedEvent;

/** Says in one line which condition kept the broker from starting, in the words of the condition report. */
final class BrokerBackOffLog implements ApplicationListener<ContextRefreshedEvent> {
    private static final Logger log = LoggerFactory.getLogger("io.leveret.broker");

    private final ConfigurableApplicationContext context;

    BrokerBackOffLog(ConfigurableApplicationContext context) {
        this.context = context;
    }

    @Override
    public void onApplicationEvent(ContextRefreshedEvent event) {
        if (event.getApplicationContext() != context) {
            return;
        }
        String reason = reason();
        if (reason != null) {
            log.atInfo().addKeyValue("reason", reason).log("no embedded broker is started: {}", reason);
        }
    }

    private @Nullable String reason() {
        ConditionEvaluationReport report = ConditionEvaluationReport.find(context.getBeanFactory());
        ConditionAndOutcomes outcomes = report == null
                ? null
                : report.getConditionAndOutcomesBySource().get(BrokerAutoConfiguration.class.getName());
        if (outcomes == null) {
            return null;
        }
        for (ConditionAndOutcome each : outcomes) {
            if (!each.getOutcome().isMatch()) {
                return each.getOutcome().getMessage();
            }
        }
        return null;
    }
}
