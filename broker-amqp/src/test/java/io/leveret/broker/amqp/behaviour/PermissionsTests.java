package io.leveret.broker.amqp.behaviour;

import static io.leveret.broker.amqp.behaviour.CloseAssertions.assertConnectionClose;
import static io.leveret.broker.amqp.behaviour.CloseAssertions.assertThatChannelCloses;
import static io.leveret.broker.amqp.behaviour.TestBroker.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("behaviour")
class PermissionsTests {
    private static final String NOTHING = "^$";
    private static final String EVERYTHING = ".*";

    @RegisterExtension
    final TestBroker broker = new TestBroker();

    enum Access {
        CONFIGURE,
        WRITE,
        READ;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** One permission an operation needs. */
    enum Need {
        CONFIGURE_QUEUE(Access.CONFIGURE, "queue"),
        WRITE_QUEUE(Access.WRITE, "queue"),
        READ_QUEUE(Access.READ, "queue"),
        CONFIGURE_EXCHANGE(Access.CONFIGURE, "exchange"),
        WRITE_EXCHANGE(Access.WRITE, "exchange"),
        READ_EXCHANGE(Access.READ, "exchange"),
        READ_SOURCE(Access.READ, "exchange"),
        WRITE_DEFAULT(Access.WRITE, "exchange"),
        CONFIGURE_NEW(Access.CONFIGURE, "exchange"),
        READ_NEW(Access.READ, "exchange"),
        CONFIGURE_NEW_QUEUE(Access.CONFIGURE, "queue"),
        READ_NEW_QUEUE(Access.READ, "queue");

        final Access access;
        final String kind;

        Need(Access access, String kind) {
            this.access = access;
            this.kind = kind;
        }

        String name(Names names) {
            return switch (this) {
                case CONFIGURE_QUEUE, WRITE_QUEUE, READ_QUEUE -> names.queue;
                case CONFIGURE_EXCHANGE, WRITE_EXCHANGE, READ_EXCHANGE -> names.exchange;
                case READ_SOURCE -> names.source;
                case WRITE_DEFAULT -> "amq.default";
                case CONFIGURE_NEW, READ_NEW, CONFIGURE_NEW_QUEUE, READ_NEW_QUEUE -> names.missing;
            };
        }
    }

    /** What an operation works on. */
    record Names(String queue, String exchange, String source, String missing) {}

    /** Every operation that is checked, with all it needs. */
    enum Operation {
        QUEUE_DECLARE(50, 10, Need.CONFIGURE_QUEUE) {
            @Override
            void on(Channel channel, Names names) throws IOException {
                channel.queueDeclare(names.queue, false, false, false, null);
            }
        },
        QUEUE_DECLARE_WITH_DEAD_LETTERING(50, 10, Need.CONFIGURE_NEW_QUEUE, Need.READ_NEW_QUEUE, Need.WRITE_EXCHANGE) {
            @Override
            void on(Channel channel, Names names) throws IOException {
                channel.queueDeclare(
                        names.missing, false, false, false, Map.of("x-dead-letter-exchange", names.exchange));
            }
        },
        QUEUE_DELETE(50, 40, Need.CONFIGURE_QUEUE) {
            @Override
            void on(Channel channel, Names names) throws IOException {
                channel.queueDelete(names.queue);
            }
        },
        QUEUE_PURGE(50, 30, Need.READ_QUEUE) {
            @Override
            void on(Channel channel, Names names) throws IOException {
                channel.queuePurge(names.queue);
            }
        },
        QUEUE_BIND(50, 20, Need.WRITE_QUEUE, Need.READ_EXCHANGE) {
            @Override
            void on(Channel channel, Names names) throws IOException {
                channel.queueBind(names.queue, names.exchange, "key");
            }
        },
        QUEUE_UNBIND(50, 50, Need.WRITE_QUEUE, Need.READ_EXCHANGE) {
            @Override
            void on(Channel channel, Names names) throws IOException {
                channel.queueUnbind(names.queue, names.exchange, "key");
            }
        },
        CONSUME(60, 20, Need.READ_QUEUE) {
            @Override
            void on(Channel channel, Names names) throws IOException {
                channel.basicConsume(names.queue, new Deliveries(channel));
            }
        },
        GET(60, 70, Need.READ_QUEUE) {
            @Override
            void on(Channel channel, Names names) throws IOException {
                channel.basicGet(names.queue, true);
            }
        },
        EXCHANGE_DECLARE(40, 10, Need.CONFIGURE_EXCHANGE) {
            @Override
            void on(Channel channel, Names names) throws IOException {
                channel.exchangeDeclare(names.exchange, "fanout");
            }
        },
        EXCHANGE_DECLARE_WITH_ALTERNATE(40, 10, Need.CONFIGURE_NEW, Need.READ_NEW, Need.WRITE_EXCHANGE) {
            @Override
            void on(Channel channel, Names names) throws IOException {
                channel.exchangeDeclare(
                        names.missing, "fanout", false, false, Map.of("alternate-exchange", names.exchange));
            }
        },
        EXCHANGE_DELETE(40, 20, Need.CONFIGURE_EXCHANGE) {
            @Override
            void on(Channel channel, Names names) throws IOException {
                channel.exchangeDelete(names.exchange);
            }
        },
        EXCHANGE_BIND(40, 30, Need.WRITE_EXCHANGE, Need.READ_SOURCE) {
            @Override
            void on(Channel channel, Names names) throws IOException {
                channel.exchangeBind(names.exchange, names.source, "key");
            }
        },
        EXCHANGE_UNBIND(40, 40, Need.WRITE_EXCHANGE, Need.READ_SOURCE) {
            @Override
            void on(Channel channel, Names names) throws IOException {
                channel.exchangeUnbind(names.exchange, names.source, "key");
            }
        },
        PUBLISH(60, 40, Need.WRITE_EXCHANGE) {
            @Override
            void on(Channel channel, Names names) throws IOException {
                channel.basicPublish(names.exchange, "key", null, bytes("a"));
            }
        },
        PUBLISH_TO_DEFAULT_EXCHANGE(60, 40, Need.WRITE_DEFAULT) {
            @Override
            void on(Channel channel, Names names) throws IOException {
                channel.basicPublish("", names.queue, null, bytes("a"));
            }
        };

        final int classId;
        final int methodId;
        final List<Need> needs;

        Operation(int classId, int methodId, Need... needs) {
            this.classId = classId;
            this.methodId = methodId;
            this.needs = List.of(needs);
        }

        abstract void on(Channel channel, Names names) throws IOException;
    }

    @ParameterizedTest
    @EnumSource
    void allowsWithJustWhatIsNeeded(Operation operation) throws IOException {
        Names names = names();
        String user = broker.user();
        permit(user, names, operation.needs);
        Channel channel = broker.channelOf(user);

        operation.on(channel, names);
        channel.basicQos(1);

        assertThat(channel.isOpen()).isTrue();
    }

    static Stream<Arguments> refusals() {
        return Arrays.stream(Operation.values())
                .flatMap(operation -> operation.needs.stream().map(need -> arguments(operation, need)));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    @Tag("not-rabbitmq-3.10") // there the text does not name the kind of access
    void refusesWithoutAnyOneOfThem(Operation operation, Need missing) throws IOException {
        Names names = names();
        String user = broker.user();
        permit(
                user,
                names,
                operation.needs.stream().filter(need -> need != missing).toList());
        Channel channel = broker.channelOf(user);

        assertThatChannelCloses(
                channel,
                () -> operation.on(channel, names),
                403,
                refused(missing.access, missing.kind, missing.name(names), user),
                operation.classId,
                operation.methodId);
    }

    @ParameterizedTest
    @EnumSource
    void passiveDeclareNeedsAnyOneOfTheThree(Access access) throws IOException {
        Names names = names();
        String user = broker.user();
        broker.accounts()
                .putPermission(
                        user,
                        access == Access.CONFIGURE ? EVERYTHING : NOTHING,
                        access == Access.WRITE ? EVERYTHING : NOTHING,
                        access == Access.READ ? EVERYTHING : NOTHING);
        Channel channel = broker.channelOf(user);

        channel.queueDeclarePassive(names.queue);
        channel.exchangeDeclarePassive(names.exchange);

        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    @Tag("not-rabbitmq-3.10") // there a passive declare needs no permission
    void passiveDeclareOfQueueIsRefusedWithoutAny() throws IOException {
        Names names = names();
        String user = nobody();
        Channel channel = broker.channelOf(user);

        assertThatChannelCloses(
                channel,
                () -> channel.queueDeclarePassive(names.queue),
                403,
                refused(Access.CONFIGURE, "queue", names.queue, user),
                50,
                10);
    }

    @Test
    @Tag("not-rabbitmq-3.10") // there a passive declare needs no permission
    void passiveDeclareOfExchangeIsRefusedWithoutAny() throws IOException {
        Names names = names();
        String user = nobody();
        Channel channel = broker.channelOf(user);

        assertThatChannelCloses(
                channel,
                () -> channel.exchangeDeclarePassive(names.exchange),
                403,
                refused(Access.CONFIGURE, "exchange", names.exchange, user),
                40,
                10);
    }

    @Test
    void settlingAndModesNeedNoPermission() throws IOException {
        Channel owner = broker.channel();
        String queue = broker.queue(owner);
        TestBroker.publish(owner, queue, "a", "b");
        String user = broker.user();
        broker.accounts().putPermission(user, NOTHING, NOTHING, "^" + queue + "$");
        Channel channel = broker.channelOf(user);
        Deliveries deliveries = Deliveries.of(channel, queue);

        channel.basicAck(deliveries.nextTag(), false);
        channel.basicNack(deliveries.nextTag(), false, true);
        deliveries.next();
        channel.basicRecover(true);
        channel.basicCancel(deliveries.tag());
        channel.basicQos(1);
        channel.confirmSelect();

        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void replyConsumerNeedsNoPermission() throws IOException {
        Channel channel = broker.channelOf(nobody());

        Deliveries.noAck(channel, "amq.rabbitmq.reply-to");

        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void patternsAreSearchedForAnywhereInTheName() throws IOException {
        String user = broker.user();
        String queue = broker.name();
        broker.accounts().putPermission(user, queue.substring(3, queue.length() - 1), "", "");
        Channel channel = broker.channelOf(user);

        channel.queueDeclare(queue, false, false, false, null);

        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    @Tag("not-rabbitmq-3.10") // there the text does not name the kind of access
    void emptyPatternMatchesNoName() throws IOException {
        String user = broker.user();
        String queue = broker.name();
        broker.accounts().putPermission(user, "", EVERYTHING, EVERYTHING);
        Channel channel = broker.channelOf(user);

        assertThatChannelCloses(
                channel,
                () -> channel.queueDeclare(queue, false, false, false, null),
                403,
                refused(Access.CONFIGURE, "queue", queue, user),
                50,
                10);
    }

    @Test
    void serverNamedQueueIsCheckedUnderItsGeneratedName() throws IOException {
        String user = broker.user();
        broker.accounts().putPermission(user, "^amq\\.gen-", NOTHING, NOTHING);
        Channel channel = broker.channelOf(user);

        assertThat(channel.queueDeclare().getQueue()).startsWith("amq.gen-");
    }

    @Test
    @Tag("not-rabbitmq-3.10") // there the text does not name the kind of access
    void permissionIsCheckedBeforeExistence() throws IOException {
        String user = nobody();
        String queue = broker.name();
        Channel channel = broker.channelOf(user);

        assertThatChannelCloses(
                channel, () -> channel.basicGet(queue, true), 403, refused(Access.READ, "queue", queue, user), 60, 70);
    }

    @Test
    @Tag("not-rabbitmq-3.10") // there the text does not name the kind of access
    void changedPermissionReachesOpenConnections() throws IOException {
        Names names = names();
        String user = nobody();
        Channel refused = broker.channelOf(user);
        assertThatChannelCloses(
                refused,
                () -> refused.basicGet(names.queue, true),
                403,
                refused(Access.READ, "queue", names.queue, user),
                60,
                70);

        broker.accounts().putPermission(user, NOTHING, NOTHING, EVERYTHING);
        Channel allowed = refused.getConnection().createChannel();
        allowed.basicGet(names.queue, true);

        assertThat(allowed.isOpen()).isTrue();
    }

    @Test
    @Tag("not-rabbitmq-3.10") // there a decision may be remembered for a minute
    void withdrawnPermissionStopsAPublisherThatIsAtWork() throws IOException {
        Names names = names();
        String user = broker.user();
        broker.accounts().putPermission(user, NOTHING, EVERYTHING, NOTHING);
        Channel channel = broker.channelOf(user);
        for (int i = 0; i < 3; i++) {
            channel.basicPublish("", names.queue, null, bytes("a"));
            channel.basicQos(1);
        }

        broker.accounts().putPermission(user, NOTHING, NOTHING, EVERYTHING);

        assertThatChannelCloses(
                channel,
                () -> channel.basicPublish("", names.queue, null, bytes("a")),
                403,
                refused(Access.WRITE, "exchange", "amq.default", user),
                60,
                40);
    }

    @Test
    @Tag("not-rabbitmq-3.10") // there a decision may be remembered for a minute
    void withdrawnTopicPermissionStopsAPublisherThatIsAtWork() throws IOException {
        String exchange = broker.exchange(broker.channel(), "topic");
        String user = topicUser(exchange, EVERYTHING, EVERYTHING);
        Channel channel = broker.channelOf(user);
        channel.basicPublish(exchange, "a", null, bytes("a"));
        channel.basicPublish(exchange, "a", null, bytes("a"));
        channel.basicQos(1);

        broker.accounts().putTopicPermission(user, exchange, "^b", EVERYTHING);

        assertThatChannelCloses(
                channel,
                () -> channel.basicPublish(exchange, "a", null, bytes("a")),
                403,
                topicRefused(Access.WRITE, "a", exchange, user),
                60,
                40);
    }

    @Test
    void grantedPermissionReachesChannelsThatAreOpen() throws IOException {
        Names names = names();
        String user = nobody();
        Channel channel = broker.channelOf(user);
        channel.basicQos(1);

        broker.accounts().putPermission(user, NOTHING, EVERYTHING, EVERYTHING);
        channel.basicPublish("", names.queue, null, bytes("a"));

        assertThat(channel.basicGet(names.queue, true)).isNotNull();
    }

    @Test
    @Tag("not-rabbitmq-3.10") // there the text does not name the kind of access
    void removedPermissionsRefuseEverythingButLeaveTheConnectionOpen() throws IOException {
        Names names = names();
        String user = broker.user();
        broker.accounts().putPermission(user, EVERYTHING, EVERYTHING, EVERYTHING);
        Channel channel = broker.channelOf(user);

        broker.accounts().clearPermission(user);

        assertThatChannelCloses(
                channel,
                () -> channel.basicGet(names.queue, true),
                403,
                refused(Access.READ, "queue", names.queue, user),
                60,
                70);
        assertThat(channel.getConnection().createChannel().isOpen()).isTrue();
    }

    @Test
    void consumerKeepsRunningWithoutItsPermission() throws IOException {
        Names names = names();
        String user = broker.user();
        broker.accounts().putPermission(user, NOTHING, NOTHING, EVERYTHING);
        Channel channel = broker.channelOf(user);
        Deliveries deliveries = Deliveries.of(channel, names.queue);
        deliveries.tag();

        broker.accounts().clearPermission(user);
        TestBroker.publish(broker.channel(), names.queue, "a");

        channel.basicAck(deliveries.nextTag(), false);
        channel.basicQos(1);
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void redeclareNeedsNoPermissionOnTheDeadLetterExchange() throws IOException {
        Channel owner = broker.channel();
        Map<String, Object> arguments = Map.of("x-dead-letter-exchange", "whatever");
        String queue = broker.queue(owner, arguments);
        String user = broker.user();
        broker.accounts().putPermission(user, "^" + queue + "$", NOTHING, NOTHING);
        Channel channel = broker.channelOf(user);

        channel.queueDeclare(queue, false, false, false, arguments);

        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void redeclareNeedsNoPermissionOnTheAlternateExchange() throws IOException {
        Channel owner = broker.channel();
        String alternate = broker.exchange(owner, "fanout");
        Map<String, Object> arguments = Map.of("alternate-exchange", alternate);
        String exchange = broker.exchange(owner, "direct", arguments);
        String user = broker.user();
        broker.accounts().putPermission(user, "^" + exchange + "$", NOTHING, NOTHING);
        Channel channel = broker.channelOf(user);

        channel.exchangeDeclare(exchange, "direct", false, false, arguments);

        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void userWithoutPermissionsMayNotOpenTheVirtualHost() throws IOException {
        String user = broker.user();

        Throwable thrown = catchThrowable(() -> broker.channelOf(user));

        assertThat(thrown).hasCauseInstanceOf(ShutdownSignalException.class);
        assertConnectionClose(
                (ShutdownSignalException) thrown.getCause(),
                530,
                "NOT_ALLOWED - access to vhost '/' refused for user '" + user + "'",
                10,
                40);
    }

    @Test
    void impersonatorMayUseAnyUserId() throws IOException {
        Channel owner = broker.channel();
        String queue = broker.queue(owner);
        String user = broker.user("impersonator");
        broker.accounts().putPermission(user, EVERYTHING, EVERYTHING, EVERYTHING);
        Channel channel = broker.channelOf(user);

        channel.basicPublish(
                "", queue, new AMQP.BasicProperties.Builder().userId("other").build(), bytes("a"));

        assertThat(channel.basicGet(queue, true).getProps().getUserId()).isEqualTo("other");
    }

    @Test
    @Tag("not-rabbitmq-3.10") // there the text does not name the kind of access
    void topicPermissionLimitsKeysPublished() throws IOException {
        String exchange = broker.exchange(broker.channel(), "topic");
        String user = topicUser(exchange, "^a\\.", NOTHING);
        Channel channel = broker.channelOf(user);
        channel.basicPublish(exchange, "a.b", null, bytes("a"));
        channel.basicQos(1);

        assertThatChannelCloses(
                channel,
                () -> channel.basicPublish(exchange, "b.a", null, bytes("a")),
                403,
                topicRefused(Access.WRITE, "b.a", exchange, user),
                60,
                40);
    }

    @Test
    @Tag("not-rabbitmq-3.10") // there the text does not name the kind of access
    void topicPermissionLimitsKeysBound() throws IOException {
        Channel owner = broker.channel();
        String exchange = broker.exchange(owner, "topic");
        String queue = broker.queue(owner);
        String user = topicUser(exchange, NOTHING, "^a\\.");
        Channel channel = broker.channelOf(user);
        channel.queueBind(queue, exchange, "a.#");
        channel.queueUnbind(queue, exchange, "a.#");

        assertThatChannelCloses(
                channel,
                () -> channel.queueBind(queue, exchange, "#"),
                403,
                topicRefused(Access.READ, "#", exchange, user),
                50,
                20);
    }

    @Test
    @Tag("not-rabbitmq-3.10") // there the text does not name the kind of access
    void topicPermissionLimitsKeysUnbound() throws IOException {
        Channel owner = broker.channel();
        String exchange = broker.exchange(owner, "topic");
        String queue = broker.queueBoundTo(owner, exchange, "b");
        String user = topicUser(exchange, NOTHING, "^a\\.");
        Channel channel = broker.channelOf(user);

        assertThatChannelCloses(
                channel,
                () -> channel.queueUnbind(queue, exchange, "b"),
                403,
                topicRefused(Access.READ, "b", exchange, user),
                50,
                50);
    }

    @Test
    @Tag("not-rabbitmq-3.10") // there the text does not name the kind of access
    void topicPermissionLimitsKeysBoundToExchanges() throws IOException {
        Channel owner = broker.channel();
        String exchange = broker.exchange(owner, "topic");
        String destination = broker.exchange(owner, "fanout");
        String user = topicUser(exchange, NOTHING, "^a\\.");
        Channel channel = broker.channelOf(user);
        channel.exchangeBind(destination, exchange, "a.#");
        channel.exchangeUnbind(destination, exchange, "a.#");

        assertThatChannelCloses(
                channel,
                () -> channel.exchangeBind(destination, exchange, "b"),
                403,
                topicRefused(Access.READ, "b", exchange, user),
                40,
                30);
    }

    @Test
    @Tag("not-rabbitmq-3.10") // there the text does not name the kind of access
    void variablesInTopicPermissionsStandForTheUserAndTheVirtualHost() throws IOException {
        String exchange = broker.exchange(broker.channel(), "topic");
        String user = topicUser(exchange, "^{username}-{vhost}\\.", NOTHING);
        Channel channel = broker.channelOf(user);
        channel.basicPublish(exchange, user + "-/.a", null, bytes("a"));
        channel.basicQos(1);

        assertThatChannelCloses(
                channel,
                () -> channel.basicPublish(exchange, "other-/.a", null, bytes("a")),
                403,
                topicRefused(Access.WRITE, "other-/.a", exchange, user),
                60,
                40);
    }

    @Test
    @Tag("not-rabbitmq-3.10") // there the text does not name the kind of access
    void topicPermissionIsInAdditionToTheResourcePermission() throws IOException {
        String exchange = broker.exchange(broker.channel(), "topic");
        String user = broker.user();
        broker.accounts().putPermission(user, EVERYTHING, NOTHING, EVERYTHING);
        broker.accounts().putTopicPermission(user, exchange, EVERYTHING, EVERYTHING);
        Channel channel = broker.channelOf(user);

        assertThatChannelCloses(
                channel,
                () -> channel.basicPublish(exchange, "a", null, bytes("a")),
                403,
                refused(Access.WRITE, "exchange", exchange, user),
                60,
                40);
    }

    @Test
    @Tag("not-rabbitmq-3.10") // there only the message's own key is checked
    void topicPermissionAppliesToCopyKeys() throws IOException {
        String exchange = broker.exchange(broker.channel(), "topic");
        String user = topicUser(exchange, "^a\\.", NOTHING);
        Channel channel = broker.channelOf(user);
        var copied = new AMQP.BasicProperties.Builder()
                .headers(Map.of("CC", List.of("b.a")))
                .build();

        assertThatChannelCloses(
                channel,
                () -> channel.basicPublish(exchange, "a.b", copied, bytes("a")),
                403,
                topicRefused(Access.WRITE, "b.a", exchange, user),
                60,
                40);
    }

    @Test
    void topicPermissionOfOneExchangeLeavesOthersAlone() throws IOException {
        Channel owner = broker.channel();
        String limited = broker.exchange(owner, "topic");
        String free = broker.exchange(owner, "topic");
        String direct = broker.exchange(owner, "direct");
        String user = topicUser(limited, NOTHING, NOTHING);
        broker.accounts().putTopicPermission(user, direct, NOTHING, NOTHING);
        Channel channel = broker.channelOf(user);

        channel.basicPublish(free, "any.key", null, bytes("a"));
        channel.basicPublish(direct, "any.key", null, bytes("a"));
        channel.basicQos(1);

        assertThat(channel.isOpen()).isTrue();
    }

    private Names names() throws IOException {
        Channel channel = broker.channel();
        return new Names(
                broker.queue(channel),
                broker.exchange(channel, "fanout"),
                broker.exchange(channel, "direct"),
                broker.name());
    }

    private void permit(String user, Names names, List<Need> needs) throws IOException {
        broker.accounts()
                .putPermission(
                        user,
                        pattern(Access.CONFIGURE, names, needs),
                        pattern(Access.WRITE, names, needs),
                        pattern(Access.READ, names, needs));
    }

    private static String pattern(Access access, Names names, List<Need> needs) {
        Set<String> allowed = needs.stream()
                .filter(need -> need.access == access)
                .map(need -> need.name(names))
                .collect(Collectors.toSet());
        return allowed.isEmpty() ? NOTHING : "^(" + String.join("|", allowed) + ")$";
    }

    /** A user who may open the virtual host but do nothing there. */
    private String nobody() throws IOException {
        String user = broker.user();
        broker.accounts().putPermission(user, NOTHING, NOTHING, NOTHING);
        return user;
    }

    private String topicUser(String exchange, String write, String read) throws IOException {
        String user = broker.user();
        broker.accounts().putPermission(user, EVERYTHING, EVERYTHING, EVERYTHING);
        broker.accounts().putTopicPermission(user, exchange, write, read);
        return user;
    }

    private static String refused(Access access, String kind, String name, String user) {
        return "ACCESS_REFUSED - " + access.word() + " access to " + kind + " '" + name
                + "' in vhost '/' refused for user '" + user + "'";
    }

    private static String topicRefused(Access access, String key, String exchange, String user) {
        return "ACCESS_REFUSED - " + access.word() + " access to topic '" + key + "' in exchange '" + exchange
                + "' in vhost '/' refused for user '" + user + "'";
    }
}
