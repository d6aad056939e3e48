package io.leveret.broker.autoconfigure;

import io.leveret.broker.BootDefinitions;
import io.leveret.broker.definition.DefinitionsFile;
import io.leveret.broker.definition.DefinitionsFile.UserEntry;
import io.leveret.broker.definition.json.DefinitionsReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.util.ResourceUtils;
import org.springframework.util.unit.DataSize;

/** The files of {@code broker.definitions}, and which users and virtual hosts somebody has set beside them. */
final class BrokerDefinitions {
    private static final DataSize LARGEST = DataSize.ofMegabytes(256);

    private BrokerDefinitions() {}

    /**
     * Reads them.
     *
     * @throws InvalidBrokerPropertyException when a file cannot be read
     * @throws io.leveret.broker.definition.DefinitionsImportException when a file is no definitions file
     */
    static BootDefinitions read(BrokerProperties properties, Environment environment) {
        List<String> locations = properties.definitions();
        List<DefinitionsFile> files = new ArrayList<>();
        for (int i = 0; i < locations.size(); i++) {
            files.add(
                    DefinitionsReader.read(locations.get(i), bytes("broker.definitions[" + i + "]", locations.get(i))));
        }
        Binder binder = Binder.get(environment);
        boolean usersAreDefault = !isSet(binder, "broker.username")
                && !isSet(binder, "broker.password")
                && !isSet(binder, "broker.users");
        if (!files.isEmpty() && !(usersAreDefault && files.stream().anyMatch(file -> file.has(UserEntry.class)))) {
            properties.requireFirstPassword();
        }
        return new BootDefinitions(files, usersAreDefault, !isSet(binder, "broker.virtual-hosts"));
    }

    private static boolean isSet(Binder binder, String property) {
        return binder.bind(property, Bindable.of(Object.class)).isBound();
    }

    private static byte[] bytes(String property, String location) {
        Resource resource = ResourceUtils.isUrl(location)
                ? new DefaultResourceLoader().getResource(location)
                : new FileSystemResource(location);
        int most = Math.toIntExact(LARGEST.toBytes());
        try (InputStream in = resource.getInputStream()) {
            byte[] bytes = in.readNBytes(most + 1);
            if (bytes.length > most) {
                throw new InvalidBrokerPropertyException(
                        property, location, "a file of at most " + LARGEST.toMegabytes() + "MB");
            }
            return bytes;
        } catch (IOException e) {
            throw new InvalidBrokerPropertyException(
                    property,
                    location,
                    "a file that can be read (%s), as a path, or with classpath: or file: before it"
                            .formatted(e.getMessage()),
                    e);
        }
    }
}
