package io.leveret.broker.architecture;

import static com.tngtech.archunit.core.domain.JavaModifier.FINAL;
import static com.tngtech.archunit.core.domain.JavaModifier.STATIC;
import static com.tngtech.archunit.core.domain.JavaModifier.SYNCHRONIZED;
import static com.tngtech.archunit.core.domain.JavaModifier.SYNTHETIC;
import static com.tngtech.archunit.lang.conditions.ArchConditions.have;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.codeUnits;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;

/** What holds in every module; each rule says in its reason what to do instead. */
public final class HouseRules {
    /** Packages are named after the domain, not after the kind of thing that is in them. */
    private static final Pattern KIND_OF_PACKAGE =
            Pattern.compile(".*\\.(impl|util|utils|common|model|service|manager|dto|helper|helpers)(\\..*)?");

    private static final Pattern KIND_OF_CLASS = Pattern.compile(".*(Impl|Manager|Utils?|Helper)|Abstract.*");

    /** Where a lock is held; each has its line in LOCKS.md. */
    private static final Set<String> MAY_LOCK = Set.of();

    /** The edges where everything that escapes a task or a handler has to be turned into an answer or a report. */
    private static final Set<String> MAY_CATCH_EVERYTHING = Set.of(
            "io.leveret.broker.amqp.AmqpConnection",
            "io.leveret.broker.amqp.FrameDispatcher",
            "io.leveret.broker.autoconfigure.StartedParts",
            "io.leveret.broker.autoconfigure.observation.BrokerPublishObservations",
            "io.leveret.broker.journal.JournalThread",
            "io.leveret.broker.queue.QueueRef",
            "io.leveret.broker.vhost.TopologyListeners",
            "io.leveret.broker.vhost.TopologyStore",
            "io.leveret.broker.vhost.TopologyWriter");

    /** Nothing logs with it there; it is told what to log. */
    private static final String MAY_SET_JAVA_LOGGING = "io.leveret.broker.app.EarlyHibernateLog";

    private HouseRules() {}

    /** The classes of ours on the class path, without tests. */
    public static JavaClasses production() {
        return new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .withImportOption(location -> !location.contains("-tests.jar"))
                .importPackages("io.leveret.broker");
    }

    /** The tests of the module at hand. */
    public static JavaClasses tests() {
        return ArchConfiguration.withThreadLocalScope((ArchConfiguration configuration) -> {
            // Reading every class of the libraries they use costs seconds, and no rule for tests needs to know them.
            configuration.setResolveMissingDependenciesFromClassPath(false);
            return new ClassFileImporter()
                    .withImportOption(new ImportOption.OnlyIncludeTests())
                    .importPackages("io.leveret.broker");
        });
    }

    /** For {@link #tests()}. */
    public static ArchRule testsDoNotSleep() {
        return noClasses()
                .should()
                .callMethodWhere(DescribedPredicate.describe(
                        "Thread.sleep",
                        call -> call.getTargetOwner().isEquivalentTo(Thread.class)
                                && call.getName().equals("sleep")))
                .because("a test waits for what it expects, with Awaitility, or turns a clock by hand");
    }

    /** For {@link #production()}: all of the rules. */
    public static ArchRule all() {
        return CompositeArchRule.of(noPackageCycles())
                .and(packagesAreNamedAfterTheDomain())
                .and(classesAreNamedAfterTheirPart())
                .and(everyPackageIsNullMarked())
                .and(noSynchronizedMethods())
                .and(locksAreListed())
                .and(noStaticState())
                .and(failuresAreCaughtByName())
                .and(NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS)
                .and(logsThroughSlf4j());
    }

    static ArchRule noPackageCycles() {
        return slices().matching("(io.leveret.broker..)")
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true);
    }

    static ArchRule packagesAreNamedAfterTheDomain() {
        return noClasses()
                .should(have(DescribedPredicate.describe(
                        "a package named after a kind of class",
                        type -> KIND_OF_PACKAGE.matcher(type.getPackageName()).matches())))
                .because("a package is found by the domain's word");
    }

    static ArchRule classesAreNamedAfterTheirPart() {
        return noClasses()
                .should(have(DescribedPredicate.describe(
                        "a name that says nothing",
                        type -> KIND_OF_CLASS.matcher(type.getSimpleName()).matches())))
                .because("a name says what the class is for");
    }

    static ArchRule everyPackageIsNullMarked() {
        return classes().should(condition("be in a package whose package-info says @NullMarked", (type, events) -> {
            boolean marked = type.getPackage()
                    .tryGetPackageInfo()
                    .filter(info -> info.isAnnotatedWith(NullMarked.class))
                    .isPresent();
            if (!marked) {
                events.add(
                        SimpleConditionEvent.violated(type, type.getName() + " is in a package without @NullMarked"));
            }
        }));
    }

    static ArchRule logsThroughSlf4j() {
        return noClasses()
                .that()
                .doNotHaveFullyQualifiedName(MAY_SET_JAVA_LOGGING)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.util.logging..")
                .because("SLF4J is what the host application chooses the log with");
    }

    static ArchRule noSynchronizedMethods() {
        return methods()
                .should()
                .notHaveModifier(SYNCHRONIZED)
                .because("one loop owns a mutable object; others hand it tasks");
    }

    static ArchRule locksAreListed() {
        return noClasses()
                .that(areNot(MAY_LOCK))
                .should()
                .dependOnClassesThat()
                .haveNameMatching("java\\.util\\.concurrent\\.locks\\.(?!LockSupport).*")
                .because("a lock needs a line in LOCKS.md and its class a place in MAY_LOCK");
    }

    static ArchRule noStaticState() {
        return noFields()
                .that(DescribedPredicate.describe(
                        "are static",
                        field -> field.getModifiers().contains(STATIC)
                                && !field.getModifiers().contains(SYNTHETIC)))
                .should(have(DescribedPredicate.describe("state", HouseRules::holdsState)))
                .because("several brokers run in one JVM");
    }

    static ArchRule failuresAreCaughtByName() {
        return codeUnits()
                .that(DescribedPredicate.describe(
                        "are not at the edge",
                        unit -> !MAY_CATCH_EVERYTHING.contains(unit.getOwner().getName())))
                .should(condition("catch failures by name", HouseRules::reportCatchAll))
                .because("going on after an unknown failure hides it; an edge has its place in MAY_CATCH_EVERYTHING");
    }

    private static boolean holdsState(JavaField field) {
        JavaClass type = field.getRawType();
        return !field.getModifiers().contains(FINAL)
                || type.getPackageName().equals(AtomicBoolean.class.getPackageName())
                        && !type.getSimpleName().endsWith("FieldUpdater")
                || type.isAssignableTo(Executor.class)
                || type.isAssignableTo(Thread.class)
                || type.isAssignableTo(ThreadLocal.class)
                || !type.isInterface() && (type.isAssignableTo(Map.class) || type.isAssignableTo(Collection.class));
    }

    /** Throwable is left out: javac itself catches it in every try-with-resources. */
    private static void reportCatchAll(JavaCodeUnit unit, ConditionEvents events) {
        unit.getTryCatchBlocks().stream()
                .filter(block -> block.getCaughtThrowables().stream()
                        .anyMatch(caught -> caught.isEquivalentTo(Exception.class)
                                || caught.isEquivalentTo(RuntimeException.class)))
                .forEach(block -> events.add(SimpleConditionEvent.violated(
                        unit, unit.getDescription() + " catches everything in " + block.getSourceCodeLocation())));
    }

    private static DescribedPredicate<JavaClass> areNot(Set<String> names) {
        return DescribedPredicate.describe(
                "are not " + names,
                type -> names.stream()
                        .noneMatch(name ->
                                type.getName().equals(name) || type.getName().startsWith(name + "$")));
    }

    private static <T> ArchCondition<T> condition(String description, BiConsumer<T, ConditionEvents> check) {
        return new ArchCondition<>(description) {
            @Override
            public void check(T item, ConditionEvents events) {
                check.accept(item, events);
            }
        };
    }
}
