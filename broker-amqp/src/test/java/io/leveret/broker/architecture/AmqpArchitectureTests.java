package io.leveret.broker.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import org.junit.jupiter.api.Test;

class AmqpArchitectureTests {
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
                .resideOutsideOfPackage("io.leveret.broker.amqp..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.leveret.broker.amqp..", "io.netty..")
                .because("arrows between modules point one way")
                .check(PRODUCTION);
    }

    @Test
    void testsDoNotSleep() {
        HouseRules.testsDoNotSleep().check(HouseRules.tests());
    }
}
