package io.leveret.broker.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class TestStarterArchitectureTests {
    private static final JavaClasses PRODUCTION = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.leveret.broker.test");

    @Test
    void followsTheRulesOfTheHouse() {
        HouseRules.all().check(PRODUCTION);
    }

    @Test
    void looksIntoABrokerWithoutSpring() {
        noClasses()
                .that()
                .resideInAnyPackage("io.leveret.broker.test.client..", "io.leveret.broker.test.time..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework..", "com.rabbitmq..")
                .because("a test asks the broker itself, not a client of it")
                .check(PRODUCTION);
    }

    @Test
    void testsDoNotSleep() {
        HouseRules.testsDoNotSleep().check(HouseRules.tests());
    }
}
