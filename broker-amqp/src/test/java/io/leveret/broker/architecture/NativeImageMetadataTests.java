package io.leveret.broker.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import io.netty.channel.ChannelHandler;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Netty looks by reflection for the methods of a handler that need not be called. In a native image it finds none of a handler
 * that is not in the metadata, and then calls nothing.
 */
class NativeImageMetadataTests {
    private static final String METADATA = "/META-INF/native-image/io.leveret/broker-amqp/reflect-config.json";
    private static final Pattern ENTRY = Pattern.compile("\\{\\s*\"name\": \"(?<name>[^\"]+)\",\\s*"
            + "\"condition\": \\{ \"typeReachable\": \"\\k<name>\" },\\s*\"queryAllPublicMethods\": true\\s*}");

    @Test
    void namesEveryHandler() throws IOException {
        Set<String> handlers = HouseRules.production().stream()
                .filter(type -> type.isAssignableTo(ChannelHandler.class))
                .map(JavaClass::getName)
                .collect(Collectors.toSet());
        assertThat(handlers).contains("io.leveret.broker.amqp.AmqpConnection");
        assertThat(named()).isEqualTo(handlers);
    }

    private static Set<String> named() throws IOException {
        try (InputStream in = NativeImageMetadataTests.class.getResourceAsStream(METADATA)) {
            assertThat(in).isNotNull();
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return ENTRY.matcher(text).results().map(entry -> entry.group(1)).collect(Collectors.toSet());
        }
    }
}
