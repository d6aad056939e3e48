package io.leveret.broker.policy;

/** Which value counts when both a policy and an operator policy have a key (RabbitMQ's rabbit_policies). */
enum Merge {
    SMALLER {
        @Override
        Object of(Object policy, Object operator) {
            return Math.min((Long) policy, (Long) operator);
        }
    },
    LARGER {
        @Override
        Object of(Object policy, Object operator) {
            return Math.max((Long) policy, (Long) operator);
        }
    },
    /** The smaller of two limits, but a negative one is none at all, and then the larger. */
    SMALLER_LIMIT {
        @Override
        Object of(Object policy, Object operator) {
            boolean unlimited = (Long) policy < 0 || (Long) operator < 0;
            return (unlimited ? LARGER : SMALLER).of(policy, operator);
        }
    },
    OPERATOR {
        @Override
        Object of(Object policy, Object operator) {
            return operator;
        }
    };

    abstract Object of(Object policy, Object operator);
}
