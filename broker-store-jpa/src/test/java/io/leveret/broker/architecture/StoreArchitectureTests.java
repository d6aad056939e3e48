package io.leveret.broker.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import org.junit.jupiter.api.Test;

class StoreArchitectureTests {
    private static final JavaClasses PRODUCTION = HouseRules.production();

    @Test
    void followsTheRulesOfTheHouse() {
        HouseRules.all().check(PRODUCTION);
    }

    @Test
    void runsWithoutSpring() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.springframework..")
                .check(PRODUCTION);
    }

    @Test
    void isUnknownToTheCore() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.leveret.broker.store..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.leveret.broker.store..", "java.sql..", "jakarta.persistence..", "org.hibernate..")
                .because("arrows between modules point one way")
                .check(PRODUCTION);
    }

    @Test
    void rowsDoNotKnowTheirDatabase() {
        classes()
                .that()
                .resideInAPackage("io.leveret.broker.store.definition")
                .should()
                .onlyDependOnClassesThat()
                .resideOutsideOfPackages("io.leveret.broker.store", "java.sql..", "org.h2..", "org.postgresql..")
                .because("what differs between databases is in one place")
                .check(PRODUCTION);
    }

    @Test
    void testsDoNotSleep() {
        HouseRules.testsDoNotSleep().check(HouseRules.tests());
    }
}
