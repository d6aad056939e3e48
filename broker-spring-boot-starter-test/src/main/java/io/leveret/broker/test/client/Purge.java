package io.leveret.broker.test.client;

import io.leveret.broker.Broker;
import io.leveret.broker.exchange.Exchange;
import io.leveret.broker.loop.EventLoop;
import io.leveret.broker.queue.ClassicQueue;
import io.leveret.broker.queue.QueueRef;
import io.leveret.broker.vhost.VirtualHost;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Takes all messages out of a broker that nobody has. */
final class Purge {
    private Purge() {}

    /** Exchanges first, so that nothing comes out of them afterwards; returns how many messages were ready in queues. */
    static int all(Broker broker, Patience patience) {
        List<VirtualHost> vhosts = new ArrayList<>();
        for (String name : broker.virtualHosts()) {
            VirtualHost vhost = broker.virtualHost(name);
            if (vhost != null) {
                vhosts.add(vhost);
            }
        }
        vhosts.forEach(vhost -> vhost.exchanges().forEach(Exchange::purge));
        broker.loops().all().forEach(loop -> awaitTurn(loop, patience));
        List<CompletableFuture<Integer>> purged = new ArrayList<>();
        for (VirtualHost vhost : vhosts) {
            for (QueueRef queue : vhost.queues()) {
                purged.add(queue.submit(ClassicQueue::onPurge));
            }
        }
        int total = 0;
        for (CompletableFuture<Integer> each : purged) {
            total += Patience.answer(each, patience.longest(), "how many messages there were");
        }
        return total;
    }

    /** What the loop was given before is done then, the purging of exchanges among it. */
    private static void awaitTurn(EventLoop loop, Patience patience) {
        CompletableFuture<Boolean> turn = new CompletableFuture<>();
        loop.execute(() -> turn.complete(true));
        Patience.answer(turn, patience.longest(), "whether it is ready");
    }
}
