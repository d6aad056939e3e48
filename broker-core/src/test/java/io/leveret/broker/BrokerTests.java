package io.leveret.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leveret.broker.auth.User;
import io.leveret.broker.definition.Definition;
import io.leveret.broker.definition.InMemoryDefinitionStore;
import io.leveret.broker.exchange.Binding;
import io.leveret.broker.exchange.Exchange;
import io.leveret.broker.loop.ManualEventLoops;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.queue.QueueRef;
import io.leveret.broker.vhost.BindingRequest;
import io.leveret.broker.vhost.ExchangeDeclaration;
import io.leveret.broker.vhost.QueueDeclaration;
import io.leveret.broker.vhost.VirtualHost;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BrokerTests {
    private final ManualEventLoops loops = new ManualEventLoops(2);
    private final InMemoryDefinitionStore store = new InMemoryDefinitionStore();
    private Broker broker = start();

    @AfterEach
    void close() {
        broker.close();
    }

    @Test
    void createsOnTheFirstBootWhatItWasToldTo() {
        assertThat(broker.virtualHosts()).containsExactly("/");
        User guest = broker.users().current().user("guest").orElseThrow();
        assertThat(guest.tags()).containsExactly("administrator");
        assertThat(guest.hash().matches("guest")).isTrue();
        assertThat(broker.users().current().permission("guest", "/")).isPresent();
    }

    @Test
    void findsEverythingAgainAfterARestart() {
        broker.putVirtualHost("other").join();
        broker.putUser("u", "secret", Set.of("monitoring")).join();
        broker.putPermission("u", "other", "^c", "^w", "^r").join();
        broker.putTopicPermission("u", "other", "amq.topic", "^w", "^r").join();
        declareSome(vhost("other"));

        restart();

        assertThat(broker.virtualHosts()).containsExactlyInAnyOrder("/", "other");
        User user = broker.users().current().user("u").orElseThrow();
        assertThat(user.hash().matches("secret")).isTrue();
        assertThat(user.tags()).containsExactly("monitoring");
        assertThat(broker.users().current().permission("u", "other")).isPresent();
        assertThat(broker.users().current().topicPermissions("u", "other")).containsOnlyKeys("amq.topic");
        VirtualHost other = vhost("other");
        assertThat(other.queues()).extracting(QueueRef::name).containsExactly("q");
        assertThat(other.requireExchange("e").bindings())
                .extracting(Binding::routingKey)
                .containsExactly("k");
        assertThat(vhost("/").exchanges()).extracting(Exchange::name).doesNotContain("e");
    }

    @Test
    void doesNotCreateGuestAgainOnceThereIsSomething() {
        broker.deleteUser("guest").join();
        restart();
        assertThat(broker.users().current().user("guest")).isEmpty();
        assertThat(broker.virtualHosts()).containsExactly("/");
    }

    @Test
    void deletingAUserDeletesItsPermissions() {
        broker.putTopicPermission("guest", "/", "amq.topic", "", "").join();
        broker.deleteUser("guest").join();
        assertThat(store.load()).containsExactly(Definition.VirtualHost.named("/"));
        assertThat(broker.users().current().permission("guest", "/")).isEmpty();
    }

    @Test
    void clearsAPermissionForGood() {
        broker.clearPermission("guest", "/").join();
        restart();
        assertThat(broker.users().current().permission("guest", "/")).isEmpty();
    }

    @Test
    void refusesPermissionsOfUnknownUsersAndKeepsNothingOfThem() {
        assertThatThrownBy(() -> broker.putPermission("nobody", "/", "", "", "").join())
                .hasCauseInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() ->
                        broker.putTopicPermission("nobody", "/", "e", "", "").join())
                .hasCauseInstanceOf(IllegalArgumentException.class);
        restart();
        assertThat(broker.virtualHosts()).containsExactly("/");
    }

    @Test
    void refusesPatternsThatAreNone() {
        assertThatThrownBy(() -> broker.putPermission("guest", "/", "(", "", "").join())
                .hasCauseInstanceOf(IllegalArgumentException.class);
        assertThat(store.load()).contains(new Definition.Permission("guest", "/", ".*", ".*", ".*"));
    }

    @Test
    void aVirtualHostIsCreatedOnce() {
        VirtualHost first = broker.putVirtualHost("v").join();
        assertThat(broker.putVirtualHost("v").join()).isSameAs(first);
    }

    @Test
    void twoBrokersShareNothing() {
        try (Broker second = Broker.start(BrokerConfig.defaults("second"), loops, new InMemoryDefinitionStore())) {
            second.putVirtualHost("only here").join();
            assertThat(broker.virtualHosts()).containsExactly("/");
        }
    }

    private Broker start() {
        return Broker.start(BrokerConfig.defaults("test"), loops, store);
    }

    private void restart() {
        broker.close();
        broker = start();
    }

    private VirtualHost vhost(String name) {
        VirtualHost vhost = broker.virtualHost(name);
        assertThat(vhost).isNotNull();
        return vhost;
    }

    private void declareSome(VirtualHost vhost) {
        FieldTable none = FieldTable.EMPTY;
        List.of(
                        vhost.declareExchange(new ExchangeDeclaration("e", "direct", true, false, false, none)),
                        vhost.declareQueue(new QueueDeclaration("q", true, false, false, none, null, loops.get(0))),
                        vhost.declareQueue(new QueueDeclaration("t", false, false, false, none, null, loops.get(0))),
                        vhost.bind(new BindingRequest("e", "q", true, "k", none, null)),
                        vhost.bind(new BindingRequest("e", "t", true, "t", none, null)))
                .forEach(loops::await);
    }
}
