package io.leveret.broker.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import org.junit.jupiter.api.Test;

class CoreArchitectureTests {
    private static final JavaClasses PRODUCTION = HouseRules.production();

    @Test
    void followsTheRulesOfTheHouse() {
        HouseRules.all().check(PRODUCTION);
    }

    @Test
    void isPlainJava() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.leveret.broker..", "java..", "org.jspecify..", "org.slf4j..", "tools.jackson.core..")
                .because("the core runs without Spring, sockets and SQL")
                .check(PRODUCTION);
    }

    @Test
    void knowsOfJsonInOnePlace() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.leveret.broker.definition.json")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("tools.jackson..")
                .because("the rest works with definitions, whatever they were written in")
                .check(PRODUCTION);
    }

    @Test
    void opensNoSocket() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveNameMatching("java\\.net\\.(Server|Datagram|Multicast)?Socket|java\\.nio\\.channels\\..*")
                .because("protocols live in modules of their own")
                .check(PRODUCTION);
    }

    @Test
    void subPackagesDoNotKnowTheRoot() {
        noClasses()
                .that()
                .resideInAPackage("io.leveret.broker.*..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.leveret.broker")
                .because("the root is the embedding API on top of them")
                .check(PRODUCTION);
    }

    @Test
    void testsDoNotSleep() {
        HouseRules.testsDoNotSleep().check(HouseRules.tests());
    }
}
