package io.leveret.broker.autoconfigure;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotContribution;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;

/** Takes the definitions files that are on the class path into a native image; they are known when it is built. */
final class BrokerDefinitionsAotProcessor implements BeanFactoryInitializationAotProcessor {

    @Override
    public @Nullable BeanFactoryInitializationAotContribution processAheadOfTime(
            ConfigurableListableBeanFactory beans) {
        List<String> paths = Binder.get(beans.getBean(Environment.class))
                .bind("broker.definitions", Bindable.listOf(String.class))
                .orElse(List.of())
                .stream()
                .filter(location -> location.startsWith(ResourceLoader.CLASSPATH_URL_PREFIX))
                .map(location -> location.substring(ResourceLoader.CLASSPATH_URL_PREFIX.length()))
                .map(path -> path.startsWith("/") ? path.substring(1) : path)
                .toList();
        return paths.isEmpty()
                ? null
                : (generation, code) -> paths.forEach(
                        path -> generation.getRuntimeHints().resources().registerPattern(path));
    }
}
