package io.leveret.broker.test.context;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.TestContextAnnotationUtils;

/** Finds {@link EmbeddedBroker} for Spring's test framework. */
final class EmbeddedBrokerContextCustomizerFactory implements ContextCustomizerFactory {

    @Override
    public @Nullable ContextCustomizer createContextCustomizer(
            Class<?> testClass, List<ContextConfigurationAttributes> attributes) {
        EmbeddedBroker annotation = TestContextAnnotationUtils.findMergedAnnotation(testClass, EmbeddedBroker.class);
        return annotation == null ? null : EmbeddedBrokerContextCustomizer.of(annotation);
    }
}
