package io.leveret.broker.autoconfigure.complaint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What an application gets with the starter: the class path of these tests, which have little more. */
class DependencyComplaintsTests {
    @Test
    @DisplayName("13.14 Docker is not there; 13.16 pull limits")
    void nothingNeedsContainers() {
        assertThat(jars()).hasSizeGreaterThan(20).noneMatch(name -> name.matches("(docker|testcontainers).*"));
    }

    @Test
    @DisplayName("13.18 needs Erlang, downloads for the operating system")
    void nothingIsNativeButWhatNettyDoesWithout() throws IOException {
        List<String> natives = new ArrayList<>();
        for (Path jar : classPath().toList()) {
            try (JarFile file = new JarFile(jar.toFile())) {
                if (file.stream().anyMatch(entry -> entry.getName().matches(".*\\.(so|dll|dylib|jnilib|exe)"))) {
                    natives.add(jar.getFileName().toString());
                }
            }
        }
        // a part of Mockito, which brings its own for old Java
        natives.removeIf(name -> name.startsWith("byte-buddy-agent"));
        assertThat(natives).allMatch(name -> name.startsWith("netty-"));
    }

    private static List<String> jars() {
        return classPath().map(path -> path.getFileName().toString()).toList();
    }

    private static Stream<Path> classPath() {
        String ofTheBuild = System.getProperty("surefire.test.class.path");
        String all = ofTheBuild == null ? System.getProperty("java.class.path") : ofTheBuild;
        return Stream.of(all.split(File.pathSeparator))
                .filter(each -> each.endsWith(".jar"))
                .map(Path::of);
    }
}
