package io.leveret.samples.orders;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Orders and stock over HTTP. */
@RestController
class OrderDesk {
    private static final Duration CONFIRM_WITHIN = Duration.ofSeconds(10);

    private final PurchaseOrders orders;
    private final Stock stock;
    private final RabbitTemplate broker;

    OrderDesk(PurchaseOrders orders, Stock stock, RabbitTemplate broker) {
        this.orders = orders;
        this.stock = stock;
        this.broker = broker;
    }

    /** The answer comes when the order is in the database and the work to be done is with the broker, both on disk. */
    @PostMapping("/orders")
    @ResponseStatus(HttpStatus.ACCEPTED)
    OrderView place(@RequestBody NewOrder order) {
        PurchaseOrder placed = orders.save(new PurchaseOrder(order.item()));
        broker.invoke(confirmed -> {
            confirmed.convertAndSend(OrdersApplication.SHIPPING, placed.id().toString());
            confirmed.waitForConfirmsOrDie(CONFIRM_WITHIN.toMillis());
            return null;
        });
        return OrderView.of(placed);
    }

    @GetMapping("/orders")
    List<OrderView> list() {
        return orders.findAll().stream().map(OrderView::of).toList();
    }

    @PutMapping("/stock/{item}")
    void restock(@PathVariable String item, @RequestBody int quantity) {
        stock.save(new StockItem(item, quantity));
    }

    record NewOrder(String item) {}

    record OrderView(UUID id, String item, boolean shipped) {
        static OrderView of(PurchaseOrder order) {
            return new OrderView(order.id(), order.item(), order.isShipped());
        }
    }
}
