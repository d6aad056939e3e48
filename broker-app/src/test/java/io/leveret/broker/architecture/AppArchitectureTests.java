package io.leveret.broker.architecture;

import org.junit.jupiter.api.Test;

/** The application sees every module, so it is where cycles through several of them show. */
class AppArchitectureTests {
    @Test
    void followsTheRulesOfTheHouse() {
        HouseRules.all().check(HouseRules.production());
    }
}
