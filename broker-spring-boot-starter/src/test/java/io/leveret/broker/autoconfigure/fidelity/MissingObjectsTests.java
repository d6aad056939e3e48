package io.leveret.broker.autoconfigure.fidelity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.amqp.AmqpException;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.QueueBuilder;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;

@Tag("behaviour")
@ParameterizedClass
@EnumSource(ClientMode.class)
class MissingObjectsTests {
    @Parameter
    ClientMode mode;

    private TestApplication application;

    @BeforeEach
    void start() {
        application = TestApplication.start(mode, App.class);
    }

    @AfterEach
    void close() {
        application.close();
    }

    @Test
    void deletingAMissingQueueOrExchangeIsAnsweredAndClosesNothing() {
        Boolean open = application.template().execute(channel -> {
            channel.queueDelete("no-such-queue");
            channel.exchangeDelete("no-such-exchange");
            channel.queueUnbind("no-such-queue", "no-such-exchange", "key");
            return channel.isOpen();
        });
        assertThat(open).isTrue();
        assertThat(application.admin().deleteQueue("no-such-queue")).isTrue();
        assertThat(application.admin().deleteExchange("no-such-exchange")).isTrue();
        assertThat(application.closed()).isEmpty();
    }

    @Test
    void aPassiveDeclareOfAMissingQueueClosesTheChannelAlone() {
        assertThatExceptionOfType(AmqpException.class)
                .isThrownBy(
                        () -> application.template().execute(channel -> channel.queueDeclarePassive("no-such-queue")))
                .withStackTraceContaining("reply-code=404")
                .withStackTraceContaining("NOT_FOUND - no queue 'no-such-queue' in vhost '/'");
        assertThat(application.admin().getQueueInfo("no-such-queue")).isNull();
        Queue queue = application.admin().declareQueue();
        assertThat(queue).isNotNull();
        assertThat(application.admin().getQueueInfo(queue.getActualName())).isNotNull();
        assertThat(application.closed()).as("connections that were closed").isEmpty();
    }

    @Test
    void theAdministratorSeesWhyADeclarationWasRefused() {
        application.admin().declareQueue(new Queue("redeclared", false, false, true));
        assertThatException()
                .isThrownBy(() -> application.admin().declareQueue(new Queue("redeclared", false, false, false)))
                .withStackTraceContaining(
                        "PRECONDITION_FAILED - inequivalent arg 'auto_delete' for queue 'redeclared'");
        assertThat(application.admin().deleteQueue("redeclared")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"stream", "quorum"})
    @Tag("not-rabbitmq-3.10") // has both
    void aKindOfQueueThatIsNotThereIsRefusedByItsName(String type) {
        Queue queue = QueueBuilder.durable("other-kind")
                .withArgument("x-queue-type", type)
                .build();
        assertThatException()
                .isThrownBy(() -> application.admin().declareQueue(queue))
                .withStackTraceContaining("reply-code=540")
                .withStackTraceContaining("NOT_IMPLEMENTED")
                .withStackTraceContaining(type);
        assertThat(application.admin().getQueueInfo("other-kind"))
                .as("after connecting again")
                .isNull();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class App {}
}
