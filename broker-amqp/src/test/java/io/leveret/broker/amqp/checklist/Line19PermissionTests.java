package io.leveret.broker.amqp.checklist;

import static io.leveret.broker.amqp.behaviour.CloseAssertions.assertThatChannelCloses;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.leveret.broker.amqp.behaviour.Deliveries;
import io.leveret.broker.amqp.behaviour.TestBroker;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The user may do to a queue or exchange what stands behind the {@code =} in its name: C for configure, W for write, R for
 * read. More: {@code behaviour.PermissionsTests}.
 */
@Tag("behaviour")
@DisplayName("13.19 Permissions")
class Line19PermissionTests {
    private static final List<String> RIGHTS = List.of("", "C", "W", "R", "CW", "CR", "WR", "CWR");

    @RegisterExtension
    final TestBroker broker = new TestBroker();

    /** What an operation needs on one of the two things it works on. */
    record Need(char right, boolean onSecond) {
        static Need first(char right) {
            return new Need(right, false);
        }

        static Need second(char right) {
            return new Need(right, true);
        }

        String word() {
            return switch (right) {
                case 'C' -> "configure";
                case 'W' -> "write";
                default -> "read";
            };
        }
    }

    /** Every cell of the table: the operation, what it works on, and what it needs in the order it is checked. */
    enum Operation {
        QUEUE_DECLARE(50, 10, "queue", null, Need.first('C')) {
            @Override
            void on(Channel channel, String queue, String none) throws IOException {
                channel.queueDeclare(queue, false, false, false, null);
            }
        },
        QUEUE_DECLARE_NEW(50, 10, "new queue", null, Need.first('C')) {
            @Override
            void on(Channel channel, String queue, String none) throws IOException {
                channel.queueDeclare(queue, false, false, false, null);
            }
        },
        QUEUE_DECLARE_NEW_WITH_DEAD_LETTER_EXCHANGE(
                50, 10, "new queue", "exchange", Need.first('C'), Need.first('R'), Need.second('W')) {
            @Override
            void on(Channel channel, String queue, String exchange) throws IOException {
                channel.queueDeclare(queue, false, false, false, Map.of("x-dead-letter-exchange", exchange));
            }
        },
        QUEUE_DELETE(50, 40, "queue", null, Need.first('C')) {
            @Override
            void on(Channel channel, String queue, String none) throws IOException {
                channel.queueDelete(queue);
            }
        },
        QUEUE_PURGE(50, 30, "queue", null, Need.first('R')) {
            @Override
            void on(Channel channel, String queue, String none) throws IOException {
                channel.queuePurge(queue);
            }
        },
        QUEUE_BIND(50, 20, "queue", "exchange", Need.first('W'), Need.second('R')) {
            @Override
            void on(Channel channel, String queue, String exchange) throws IOException {
                channel.queueBind(queue, exchange, "key");
            }
        },
        QUEUE_UNBIND(50, 50, "queue", "exchange", Need.first('W'), Need.second('R')) {
            @Override
            void on(Channel channel, String queue, String exchange) throws IOException {
                channel.queueUnbind(queue, exchange, "key");
            }
        },
        EXCHANGE_DECLARE(40, 10, "exchange", null, Need.first('C')) {
            @Override
            void on(Channel channel, String exchange, String none) throws IOException {
                channel.exchangeDeclare(exchange, "fanout");
            }
        },
        EXCHANGE_DECLARE_NEW_WITH_ALTERNATE_EXCHANGE(
                40, 10, "new exchange", "exchange", Need.first('C'), Need.first('R'), Need.second('W')) {
            @Override
            void on(Channel channel, String exchange, String alternate) throws IOException {
                channel.exchangeDeclare(exchange, "fanout", false, false, Map.of("alternate-exchange", alternate));
            }
        },
        EXCHANGE_DELETE(40, 20, "exchange", null, Need.first('C')) {
            @Override
            void on(Channel channel, String exchange, String none) throws IOException {
                channel.exchangeDelete(exchange);
            }
        },
        EXCHANGE_BIND(40, 30, "exchange", "exchange", Need.first('W'), Need.second('R')) {
            @Override
            void on(Channel channel, String destination, String source) throws IOException {
                channel.exchangeBind(destination, source, "key");
            }
        },
        EXCHANGE_UNBIND(40, 40, "exchange", "exchange", Need.first('W'), Need.second('R')) {
            @Override
            void on(Channel channel, String destination, String source) throws IOException {
                channel.exchangeUnbind(destination, source, "key");
            }
        },
        PUBLISH(60, 40, "exchange", null, Need.first('W')) {
            @Override
            void on(Channel channel, String exchange, String none) throws IOException {
                channel.basicPublish(exchange, "key", null, TestBroker.bytes("a"));
            }
        },
        CONSUME(60, 20, "queue", null, Need.first('R')) {
            @Override
            void on(Channel channel, String queue, String none) throws IOException {
                channel.basicConsume(queue, new Deliveries(channel));
            }
        },
        GET(60, 70, "queue", null, Need.first('R')) {
            @Override
            void on(Channel channel, String queue, String none) throws IOException {
                channel.basicGet(queue, true);
            }
        };

        final int classId;
        final int methodId;
        final String first;
        final @Nullable String second;
        final List<Need> needs;

        Operation(int classId, int methodId, String first, @Nullable String second, Need... needs) {
            this.classId = classId;
            this.methodId = methodId;
            this.first = first;
            this.second = second;
            this.needs = List.of(needs);
        }

        abstract void on(Channel channel, String first, String second) throws IOException;
    }

    @ParameterizedTest
    @EnumSource
    @Tag("not-rabbitmq-3.10") // there the text does not name the kind of access
    @DisplayName("with every combination of rights on what it works on:")
    void everyCell(Operation operation) throws IOException {
        Channel owner = broker.channel();
        String user = userWithRightsByName();
        Connection connection = broker.channelOf(user).getConnection();
        for (String rightsOnFirst : RIGHTS) {
            for (String rightsOnSecond : operation.second == null ? List.of("") : RIGHTS) {
                String first = thing(owner, operation.first, rightsOnFirst);
                String second = operation.second == null ? "" : thing(owner, operation.second, rightsOnSecond);
                Channel channel = connection.createChannel();
                Need missing = operation.needs.stream()
                        .filter(need -> (need.onSecond ? rightsOnSecond : rightsOnFirst).indexOf(need.right) < 0)
                        .findFirst()
                        .orElse(null);
                if (missing == null) {
                    operation.on(channel, first, second);
                    channel.basicQos(1);
                    assertThat(channel.isOpen())
                            .as("%s on %s and %s", operation, first, second)
                            .isTrue();
                    channel.abort();
                } else {
                    String kind = missing.onSecond ? operation.second : operation.first;
                    assertThatChannelCloses(
                            channel,
                            () -> operation.on(channel, first, second),
                            403,
                            "ACCESS_REFUSED - " + missing.word() + " access to " + kind.replace("new ", "") + " '"
                                    + (missing.onSecond ? second : first) + "' in vhost '/' refused for user '" + user
                                    + "'",
                            operation.classId,
                            operation.methodId);
                }
                if (owner.isOpen()) {
                    owner.queueDelete(first);
                }
            }
        }
    }

    /** A queue or an exchange, or just the name of a new one, to which the user has these rights. */
    private String thing(Channel owner, String kind, String rights) throws IOException {
        String name = broker.cleanUp(broker.name() + '=' + rights);
        if (kind.equals("queue")) {
            owner.queueDeclare(name, false, false, false, null);
        } else if (kind.equals("exchange")) {
            owner.exchangeDeclare(name, "fanout");
        }
        return name;
    }

    @Test
    @DisplayName("passive declare: any one of the three is enough")
    void passiveDeclare() throws IOException {
        Channel owner = broker.channel();
        Channel channel = broker.channelOf(userWithRightsByName());
        for (String rights : RIGHTS.subList(1, RIGHTS.size())) {
            channel.queueDeclarePassive(thing(owner, "queue", rights));
            channel.exchangeDeclarePassive(thing(owner, "exchange", rights));
        }
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    @Tag("not-rabbitmq-3.10") // needs none there
    @DisplayName("passive declare: none is not")
    void passiveDeclareWithoutAny() throws IOException {
        Channel owner = broker.channel();
        String user = userWithRightsByName();
        String queue = thing(owner, "queue", "");
        Channel channel = broker.channelOf(user);

        assertThatChannelCloses(
                channel,
                () -> channel.queueDeclarePassive(queue),
                403,
                "ACCESS_REFUSED - configure access to queue '" + queue + "' in vhost '/' refused for user '" + user
                        + "'",
                50,
                10);
    }

    @Test
    @DisplayName("ack, nack, reject, recover, cancel, qos, tx, confirm need none")
    void noneNeeded() throws IOException {
        Channel owner = broker.channel();
        String user = userWithRightsByName();
        String queue = thing(owner, "queue", "R");
        TestBroker.publish(owner, queue, "a", "b", "c");
        TestBroker.awaitReady(owner, queue, 3);
        Channel channel = broker.channelOf(user);
        for (int i = 0; i < 3; i++) {
            channel.basicGet(queue, false);
        }

        channel.basicQos(1);
        channel.basicAck(1, false);
        channel.basicNack(2, false, false);
        channel.basicReject(3, false);
        channel.basicRecover(true);
        Deliveries deliveries = Deliveries.of(channel, queue);
        channel.basicCancel(deliveries.tag());
        channel.txSelect();
        channel.txRollback();
        channel.getConnection().createChannel().confirmSelect();

        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    @DisplayName("the default exchange is written to as amq.default")
    void defaultExchangeAllowed() throws IOException {
        String user = broker.user();
        broker.accounts().putPermission(user, "^$", "^amq\\.default$", "^$");
        Channel owner = broker.channel();
        String queue = broker.queue(owner);

        TestBroker.publish(broker.channelOf(user), queue, "a");

        TestBroker.awaitReady(owner, queue, 1);
    }

    @Test
    @Tag("not-rabbitmq-3.10") // there the text does not name the kind of access
    @DisplayName("the default exchange is refused as amq.default")
    void defaultExchangeRefused() throws IOException {
        String user = broker.user();
        broker.accounts().putPermission(user, "", "^x", "");
        Channel channel = broker.channelOf(user);

        assertThatChannelCloses(
                channel,
                () -> TestBroker.publish(channel, "queue", "a"),
                403,
                "ACCESS_REFUSED - write access to exchange 'amq.default' in vhost '/' refused for user '" + user + "'",
                60,
                40);
    }

    @Test
    @Tag("not-rabbitmq-3.10") // there the text does not name the kind of access, and CC and BCC are not checked
    @DisplayName("topic rows: keys published, CC, BCC, keys bound and unbound; other exchanges are free")
    void topicRows() throws IOException {
        Channel owner = broker.channel();
        String exchange = broker.exchange(owner, "topic");
        String free = broker.exchange(owner, "topic");
        String queue = broker.queue(owner);
        String user = broker.user();
        broker.accounts().putPermission(user, ".*", ".*", ".*");
        broker.accounts().putTopicPermission(user, exchange, "^{username}\\.", "^read\\.");
        Channel allowed = broker.channelOf(user);
        allowed.basicPublish(exchange, user + ".a", null, TestBroker.bytes("a"));
        allowed.basicPublish(exchange, user + ".a", copies("CC", user + ".b"), TestBroker.bytes("a"));
        allowed.queueBind(queue, exchange, "read.#");
        allowed.queueUnbind(queue, exchange, "read.#");
        allowed.basicPublish(free, "anything", null, TestBroker.bytes("a"));
        allowed.queueBind(queue, free, "anything");
        assertThat(allowed.isOpen()).isTrue();

        refused(
                allowed,
                user,
                "write access to topic 'other' in",
                exchange,
                60,
                40,
                channel -> channel.basicPublish(exchange, "other", null, TestBroker.bytes("a")));
        for (String header : List.of("CC", "BCC")) {
            refused(
                    allowed,
                    user,
                    "write access to topic 'copy' in",
                    exchange,
                    60,
                    40,
                    channel ->
                            channel.basicPublish(exchange, user + ".a", copies(header, "copy"), TestBroker.bytes("a")));
        }
        refused(
                allowed,
                user,
                "read access to topic 'other.#' in",
                exchange,
                50,
                20,
                channel -> channel.queueBind(queue, exchange, "other.#"));
        refused(
                allowed,
                user,
                "read access to topic 'other.#' in",
                exchange,
                50,
                50,
                channel -> channel.queueUnbind(queue, exchange, "other.#"));
    }

    private static void refused(
            Channel allowed,
            String user,
            String what,
            String exchange,
            int classId,
            int methodId,
            TestBroker.ChannelAction action)
            throws IOException {
        Channel channel = allowed.getConnection().createChannel();
        assertThatChannelCloses(
                channel,
                () -> action.on(channel),
                403,
                "ACCESS_REFUSED - " + what + " exchange '" + exchange + "' in vhost '/' refused for user '" + user
                        + "'",
                classId,
                methodId);
    }

    private static AMQP.BasicProperties copies(String header, String key) {
        return new AMQP.BasicProperties.Builder()
                .headers(Map.of(header, List.of(key)))
                .build();
    }

    private String userWithRightsByName() throws IOException {
        String user = broker.user();
        broker.accounts().putPermission(user, "=.*C", "=.*W", "=.*R");
        return user;
    }
}
