package io.leveret.broker.amqp.behaviour;

import static io.leveret.broker.amqp.behaviour.CloseAssertions.assertThatChannelCloses;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Selectors as RabbitMQ's JMS client compiles them. */
@Tag("behaviour")
class JmsTopicExchangeTests {
    private static final String TYPE = "x-jms-topic";

    @RegisterExtension
    final TestBroker broker = new TestBroker();

    private String queueWith(Channel channel, String exchange, String selector) throws IOException {
        String queue = broker.queue(channel);
        Map<String, Object> arguments = new HashMap<>();
        arguments.put("rjms_erlang_selector", selector);
        arguments.put("rjms_version", "1.4.7");
        channel.queueBind(queue, exchange, "key", arguments);
        return queue;
    }

    private static void publish(Channel channel, String exchange, Map<String, Object> headers) throws IOException {
        AMQP.BasicProperties properties =
                new AMQP.BasicProperties.Builder().headers(headers).build();
        channel.basicPublish(exchange, "another.key", properties, TestBroker.bytes("m"));
    }

    @Test
    void routesByHeadersAndNotByKeys() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, TYPE);
        String blue = queueWith(channel, exchange, "{'=',{'ident',<<\"color\">>},<<\"blue\">>}.");
        String large = queueWith(channel, exchange, "{'>',{'ident',<<\"size\">>},10}.");
        publish(channel, exchange, Map.of("color", "blue", "size", 11));
        publish(channel, exchange, Map.of("color", "red", "size", 12L));
        publish(channel, exchange, Map.of("color", "blue", "size", 10));
        publish(channel, exchange, Map.of());
        channel.basicPublish(exchange, "key", null, TestBroker.bytes("without headers"));

        assertThat(TestBroker.drain(channel, blue)).hasSize(2);
        assertThat(TestBroker.drain(channel, large)).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'and',{'=',{'ident',<<\"i\">>},5},{'not',{'=',{'ident',<<\"s\">>},<<\"red\">>}}}.   | true",
                "{'or',{'=',{'ident',<<\"none\">>},1},{'<>',{'ident',<<\"i\">>},4}}.                  | true",
                "{'not',{'=',{'ident',<<\"none\">>},1}}.                                             | false",
                "{'is_null',{'ident',<<\"none\">>}}.                                                 | true",
                "{'not_null',{'ident',<<\"none\">>}}.                                                | false",
                "{'between',{'ident',<<\"i\">>},{'range',1,5}}.                                      | true",
                "{'not_between',{'ident',<<\"i\">>},1,5}.                                            | false",
                "{'in',{'ident',<<\"s\">>},[<<\"red\">>,<<\"blue\">>]}.                              | true",
                "{'not_in',{'ident',<<\"s\">>},[<<\"red\">>,<<\"blue\">>]}.                          | false",
                "{'like',{'ident',<<\"s\">>},<<\"b_u%\">>,'no_escape'}.                              | true",
                "{'like',{'ident',<<\"p\">>},<<\"50!%\">>,<<\"!\">>}.                                | true",
                "{'not_like',{'ident',<<\"p\">>},<<\"50!%\">>,<<\"!\">>}.                            | false",
                "{'=',{'+',{'*',{'ident',<<\"i\">>},2},{'-',1}},9}.                                  | true",
                "{'=',{'/',{'ident',<<\"i\">>},2},2.5}.                                              | true",
                "{'=',{'ident',<<\"t\">>},'true'}.                                                   | true",
                "{'ident',<<\"t\">>}.                                                                | true",
                "{'=',{'ident',<<\"i\">>},16#5}.                                                     | true",
                "'true'.                                                                             | true"
            })
    void understandsTheSelectorsOfTheJmsClient(String selector, boolean matches) throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, TYPE);
        String queue = queueWith(channel, exchange, selector);
        publish(channel, exchange, Map.of("i", 5, "s", "blue", "p", "50%", "t", true));
        assertThat(TestBroker.drain(channel, queue)).hasSize(matches ? 1 : 0);
    }

    @Test
    @Tag("not-rabbitmq-3.10") // there it is 541, or the binding is made and never matches
    void refusesWhatIsNoSelector() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, TYPE);
        String queue = broker.queue(channel);
        assertThatChannelCloses(
                channel,
                () -> channel.queueBind(queue, exchange, "k", Map.of("rjms_erlang_selector", "color = 'blue'")),
                406,
                "PRECONDITION_FAILED - cannot parse selector '\"color = 'blue'\"' binding destination '" + queue
                        + "' to exchange '" + exchange + "'",
                50,
                20);
    }
}
