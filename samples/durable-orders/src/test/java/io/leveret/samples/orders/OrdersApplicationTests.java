package io.leveret.samples.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.leveret.samples.orders.DeadLetterDesk.DeadLetter;
import io.leveret.samples.orders.OrderDesk.NewOrder;
import io.leveret.samples.orders.OrderDesk.OrderView;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.metamodel.EntityType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.amqp.rabbit.listener.RabbitListenerEndpointRegistry;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.RestClient;

class OrdersApplicationTests {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    void aRestartKeepsTheWorkAndTheDeadLetters() {
        UUID waiting;
        UUID impossible;
        try (ConfigurableApplicationContext application = start()) {
            RestClient http = client(application);
            restock(http, "tea", 2);
            UUID shipped = order(http, "tea");
            impossible = order(http, "coffee");
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(order(http, shipped).shipped()).isTrue();
                assertThat(deadLetters(http))
                        .containsExactly(new DeadLetter(impossible.toString(), "shipping", "rejected"));
            });

            application
                    .getBean(RabbitListenerEndpointRegistry.class)
                    .getListenerContainer(OrdersApplication.SHIPPING)
                    .stop();
            waiting = order(http, "tea");
            assertThat(order(http, waiting).shipped()).isFalse();
        }

        try (ConfigurableApplicationContext application = start()) {
            RestClient http = client(application);
            await().atMost(PATIENCE).until(() -> order(http, waiting).shipped());
            assertThat(deadLetters(http))
                    .containsExactly(new DeadLetter(impossible.toString(), "shipping", "rejected"));

            restock(http, "coffee", 1);
            replay(http, impossible);
            await().atMost(PATIENCE).until(() -> order(http, impossible).shipped());
            assertThat(deadLetters(http)).isEmpty();

            assertThatThrownBy(() -> replay(http, impossible)).isInstanceOf(HttpClientErrorException.NotFound.class);
            assertThatTheBrokerIsNotNoticed(application);
        }
    }

    private void assertThatTheBrokerIsNotNoticed(ConfigurableApplicationContext application) {
        assertThat(directory.resolve("orders.mv.db")).exists();
        assertThat(directory.resolve("broker.mv.db")).exists();
        assertThat(application.getBeansOfType(DataSource.class)).containsOnlyKeys("dataSource");
        assertThat(application.getBeansOfType(EntityManagerFactory.class)).containsOnlyKeys("entityManagerFactory");
        assertThat(application
                        .getBean(EntityManagerFactory.class)
                        .getMetamodel()
                        .getEntities())
                .extracting(EntityType::getName)
                .containsExactlyInAnyOrder("PurchaseOrder", "StockItem");
        assertThat(application
                        .getBean(JdbcTemplate.class)
                        .queryForList(
                                "select table_name from information_schema.tables where table_schema = 'PUBLIC'",
                                String.class))
                .containsExactlyInAnyOrder("PURCHASE_ORDER", "STOCK_ITEM");
    }

    private ConfigurableApplicationContext start() {
        return new SpringApplicationBuilder(OrdersApplication.class)
                .run("--orders.directory=" + directory, "--server.port=0");
    }

    private static RestClient client(ConfigurableApplicationContext application) {
        return RestClient.create(
                "http://127.0.0.1:" + application.getEnvironment().getRequiredProperty("local.server.port"));
    }

    private static void restock(RestClient http, String item, int quantity) {
        http.put()
                .uri("/stock/{item}", item)
                .header("Content-Type", "application/json")
                .body(String.valueOf(quantity))
                .retrieve()
                .toBodilessEntity();
    }

    private static UUID order(RestClient http, String item) {
        OrderView placed =
                http.post().uri("/orders").body(new NewOrder(item)).retrieve().body(OrderView.class);
        assertThat(placed).isNotNull();
        return placed.id();
    }

    private static OrderView order(RestClient http, UUID id) {
        OrderView[] orders = http.get().uri("/orders").retrieve().body(OrderView[].class);
        return Stream.of(orders)
                .filter(order -> order.id().equals(id))
                .findAny()
                .orElseThrow();
    }

    private static List<DeadLetter> deadLetters(RestClient http) {
        return List.of(http.get().uri("/dead-letters").retrieve().body(DeadLetter[].class));
    }

    private static void replay(RestClient http, UUID orderId) {
        http.post().uri("/dead-letters/{orderId}/replay", orderId).retrieve().toBodilessEntity();
    }
}
