package io.leveret.broker.test.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.leveret.broker.Broker;
import io.leveret.broker.test.client.BrokerTestClient;
import io.leveret.broker.test.client.PeekedMessage;
import io.leveret.broker.test.context.EmbeddedBroker.Reset;
import io.leveret.broker.test.context.EmbeddedBroker.Scope;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.EventConditions;
import org.junit.platform.testkit.engine.Events;
import org.junit.platform.testkit.engine.TestExecutionResultConditions;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.test.autoconfigure.json.JsonTest;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationContext;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ContextConfiguration;

@Tag("behaviour")
class EmbeddedBrokerTests {

    @BeforeEach
    void forget() {
        ContextsSeen.forget();
    }

    @Test
    void aTestBrokerBeatsTheOneThatTheApplicationNames() {
        run(NamesAnotherBrokerCase.class).assertStatistics(events -> events.succeeded(1));
    }

    @Test
    void classesThatSayTheSameShareAContextAndItsBroker() {
        run(FirstCase.class, SecondCase.class).assertStatistics(events -> events.succeeded(2));
        assertThat(ContextsSeen.all()).hasSize(2);
        assertThat(ContextsSeen.all().stream().distinct()).hasSize(1);
    }

    @Test
    void whatIsSaidAboutAResetDoesNotMakeAContextAnother() {
        run(FirstCase.class, ResettingFirstCase.class).assertStatistics(events -> events.succeeded(2));
        assertThat(ContextsSeen.all().stream().distinct()).hasSize(1);
    }

    @Test
    void classesThatSaySomethingElseHaveAnotherBroker() {
        run(FirstCase.class, OtherCase.class).assertStatistics(events -> events.succeeded(2));
        assertThat(ContextsSeen.all().stream().map(ContextsSeen::broker).distinct())
                .hasSize(2)
                .extracting(broker -> broker.config().name())
                .containsExactly("first", "other");
    }

    @Test
    void isFoundOnSuperclassesOnOtherAnnotationsAndAroundNestedClasses() {
        run(InheritingCase.class, MetaAnnotatedCase.class, OuterCase.class)
                .assertStatistics(events -> events.succeeded(4));
        assertThat(ContextsSeen.all())
                .hasSize(4)
                .allSatisfy(seen -> assertThat(seen.broker().config().name()).isEqualTo("first"));
        assertThat(ContextsSeen.all().stream().distinct()).hasSize(1);
    }

    @Test
    void importsDefinitions() {
        run(DefinitionsCase.class).assertStatistics(events -> events.succeeded(1));
    }

    @Test
    void aResetBeforeEachTestTakesAwayWhatTheLastOneLeft() {
        run(ResettingCase.class).assertStatistics(events -> events.succeeded(2));
    }

    @Test
    void withoutAResetWhatTheLastTestLeftIsThere() {
        run(KeepingCase.class).assertStatistics(events -> events.succeeded(2));
    }

    @Test
    void aResetWithoutABrokerSaysHowToGetOne() {
        run(SliceWithoutBrokerCase.class)
                .assertStatistics(events -> events.failed(1))
                .failed()
                .assertEventsMatchLoosely(EventConditions.finishedWithFailure(TestExecutionResultConditions.message(
                        text -> text.contains("a slice has one with @AutoConfigureEmbeddedBroker"))));
    }

    @Test
    void aBrokerOfTheJvmIsSharedByContextsAndOutlivesThem() {
        run(SharingCase.class, AlsoSharingCase.class, SharingOtherSettingsCase.class)
                .assertStatistics(events -> events.succeeded(5));
        List<ContextsSeen> seen = ContextsSeen.all();
        assertThat(Stream.of(seen.get(0), seen.get(1), seen.get(2))
                        .map(ContextsSeen::context)
                        .distinct())
                .as("contexts")
                .hasSize(3);
        assertThat(seen.get(1).broker())
                .isSameAs(seen.get(0).broker())
                .isNotSameAs(seen.get(2).broker());
        assertThat(seen.get(1).port()).isEqualTo(seen.get(0).port());
    }

    private static Events run(Class<?>... cases) {
        EngineExecutionResults results = EngineTestKit.engine("junit-jupiter")
                .selectors(Stream.of(cases).map(each -> selectClass(each)).toArray(DiscoverySelector[]::new))
                .execute();
        return results.testEvents();
    }

    @SpringBootTest(
            classes = ListenerApp.class,
            properties = {"spring.rabbitmq.host=rabbit.example", "spring.rabbitmq.port=1"})
    @EmbeddedBroker
    static class NamesAnotherBrokerCase {
        @Test
        void talksToTheEmbeddedOne(@Autowired RabbitTemplate template, @Autowired ListenerApp app) throws Exception {
            template.convertAndSend("work", "here");
            assertThat(app.received.poll(60, TimeUnit.SECONDS)).isEqualTo("here");
        }
    }

    static class Seeing {
        @Autowired
        ApplicationContext context;

        @Test
        void sees() {
            ContextsSeen.by(context);
        }
    }

    @SpringBootTest(classes = ListenerApp.class)
    @EmbeddedBroker(properties = "broker.name=first")
    static class FirstCase extends Seeing {}

    @SpringBootTest(classes = ListenerApp.class)
    @EmbeddedBroker(properties = "broker.name=first")
    static class SecondCase extends Seeing {}

    @SpringBootTest(classes = ListenerApp.class)
    @EmbeddedBroker(properties = "broker.name=first", reset = Reset.BEFORE_EACH)
    static class ResettingFirstCase extends Seeing {}

    @SpringBootTest(classes = ListenerApp.class)
    @EmbeddedBroker(properties = "broker.name=other")
    static class OtherCase extends Seeing {}

    static class InheritingCase extends FirstCase {}

    @Retention(RetentionPolicy.RUNTIME)
    @SpringBootTest(classes = ListenerApp.class)
    @EmbeddedBroker(properties = "broker.name=first")
    @interface FirstBroker {}

    @FirstBroker
    static class MetaAnnotatedCase extends Seeing {}

    @FirstBroker
    static class OuterCase extends Seeing {
        @Nested
        class Inner {
            @Test
            void seesTheSame() {
                ContextsSeen.by(context);
            }
        }
    }

    @SpringBootTest(classes = ListenerApp.class)
    @EmbeddedBroker(definitions = "classpath:test-definitions.json")
    static class DefinitionsCase {
        @Test
        void hasThem(@Autowired BrokerTestClient client) {
            assertThat(client.queue("orders").exists()).isTrue();
        }
    }

    @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
    static class Leaving {
        @Autowired
        RabbitTemplate template;

        @Autowired
        BrokerTestClient client;

        @Test
        @Order(1)
        void leaves() {
            template.convertAndSend("parked", "left");
            client.queue("parked").awaitReady(1);
        }
    }

    @SpringBootTest(classes = ListenerApp.class)
    @EmbeddedBroker(reset = Reset.BEFORE_EACH, properties = "broker.name=resetting")
    static class ResettingCase extends Leaving {
        @Test
        @Order(2)
        void findsNothing() {
            assertThat(client.messages("parked")).isEmpty();
        }
    }

    @SpringBootTest(classes = ListenerApp.class)
    @EmbeddedBroker(properties = "broker.name=keeping")
    static class KeepingCase extends Leaving {
        @Test
        @Order(2)
        void findsIt() {
            assertThat(client.messages("parked"))
                    .extracting(PeekedMessage::text)
                    .containsExactly("left");
        }
    }

    @JsonTest
    @ContextConfiguration(classes = SliceWithoutBrokerCase.App.class)
    @EmbeddedBroker(reset = Reset.BEFORE_EACH)
    static class SliceWithoutBrokerCase {
        @SpringBootConfiguration
        static class App {}

        @Test
        void isNotReached() {}
    }

    @SpringBootTest(classes = ListenerApp.class, properties = "context=1")
    @EmbeddedBroker(scope = Scope.JVM)
    @DirtiesContext
    static class SharingCase extends Seeing {
        @Test
        void sends(@Autowired RabbitTemplate template, @Autowired ListenerApp app) throws Exception {
            template.convertAndSend("parked", "for the next context");
            template.convertAndSend("work", "for this one");
            assertThat(app.received.poll(60, TimeUnit.SECONDS)).isEqualTo("for this one");
        }
    }

    @SpringBootTest(classes = ListenerApp.class, properties = "context=2")
    @EmbeddedBroker(scope = Scope.JVM)
    @DirtiesContext
    static class AlsoSharingCase extends Seeing {
        @Test
        void findsWhatTheOtherOneSent(@Autowired BrokerTestClient client, @Autowired Broker broker) {
            assertThat(client.broker()).isSameAs(broker);
            client.queue("parked").awaitReady(1);
        }
    }

    @SpringBootTest(classes = ListenerApp.class, properties = "context=1")
    @EmbeddedBroker(scope = Scope.JVM, properties = "broker.name=third")
    @DirtiesContext
    static class SharingOtherSettingsCase extends Seeing {}
}
