package io.leveret.broker.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IdentityListTests {
    @Test
    void keepsEachElementOnceInOrderOverManyUses() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<TestTopology.Queue> queues = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            queues.add(new TestTopology.Queue("same name"));
        }
        IdentityList<TestTopology.Queue> list = new IdentityList<>();
        for (int use = 0; use < 300; use++) {
            List<TestTopology.Queue> expected = new ArrayList<>();
            for (int i = random.nextInt(600); i > 0; i--) {
                TestTopology.Queue queue = queues.get(random.nextInt(1 + random.nextInt(queues.size())));
                boolean isNew = !expected.contains(queue);
                if (isNew) {
                    expected.add(queue);
                }
                assertThat(list.add(queue)).as("seed %d", seed).isEqualTo(isNew);
            }
            assertThat(list.size()).isEqualTo(expected.size());
            for (int i = 0; i < expected.size(); i++) {
                assertThat(list.get(i)).isSameAs(expected.get(i));
            }
            list.clear();
            assertThat(list.size()).isZero();
        }
    }
}
