package io.leveret.broker.exchange.choice;

import io.leveret.broker.exchange.Binding;
import io.leveret.broker.exchange.Destination;
import io.leveret.broker.exchange.Exchange;
import java.util.List;

/**
 * Chooses one of several destinations by a hash, in proportion to their weights: weighted rendezvous hashing. Each
 * destination draws a number from the hash and its own name, distributed exponentially at the rate of its weight, and the
 * smallest wins. So a destination that comes takes its share evenly from all others, one that goes leaves its share to them,
 * nothing else moves, and neither the order of bindings nor a restart matters. Immutable.
 *
 * <p>A choice looks at every destination: a few nanoseconds each if all weights are equal, else a logarithm.
 */
final class WeightedChoice {
    static final WeightedChoice NONE = new WeightedChoice(new Destination[0], new long[0], new double[0]);

    private final Destination[] destinations;
    private final long[] seeds;
    private final double[] weights;
    private final boolean equalWeights;

    private WeightedChoice(Destination[] destinations, long[] seeds, double[] weights) {
        this.destinations = destinations;
        this.seeds = seeds;
        this.weights = weights;
        boolean equal = true;
        for (double weight : weights) {
            equal &= weight == weights[0];
        }
        this.equalWeights = equal;
    }

    /** @param bindings one for each destination, with valid weights as keys */
    static WeightedChoice among(List<Binding> bindings) {
        int size = bindings.size();
        Destination[] destinations = new Destination[size];
        long[] seeds = new long[size];
        double[] weights = new double[size];
        for (int i = 0; i < size; i++) {
            Destination destination = bindings.get(i).destination();
            destinations[i] = destination;
            seeds[i] = Hash.of((destination instanceof Exchange ? "exchange " : "queue ") + destination.name());
            weights[i] = ConsistentHashTable.weight(bindings.get(i).routingKey());
        }
        return new WeightedChoice(destinations, seeds, weights);
    }

    boolean isEmpty() {
        return destinations.length == 0;
    }

    /** The destination for a hash; there must be one. */
    Destination choose(long hash) {
        return destinations[equalWeights ? largestDraw(hash) : smallestTime(hash)];
    }

    /** The same as {@link #smallestTime} where that compares nothing but the draws. */
    private int largestDraw(long hash) {
        int best = 0;
        long bestDraw = -1;
        for (int i = 0; i < seeds.length; i++) {
            long draw = draw(hash, i);
            if (draw > bestDraw) {
                best = i;
                bestDraw = draw;
            }
        }
        return best;
    }

    private int smallestTime(long hash) {
        int best = 0;
        double bestTime = Double.POSITIVE_INFINITY;
        for (int i = 0; i < seeds.length; i++) {
            double time = -Math.log((draw(hash, i) + 0.5) * 0x1p-53) / weights[i];
            if (time < bestTime) {
                best = i;
                bestTime = time;
            }
        }
        return best;
    }

    /** 53 bits, so that a double holds it exactly. */
    private long draw(long hash, int index) {
        return Hash.mix(hash ^ seeds[index]) >>> 11;
    }
}
