package io.leveret.samples.orders;

import java.util.UUID;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Ships the orders whose numbers come out of the queue. */
@Component
class Shipping {
    private final PurchaseOrders orders;
    private final Stock stock;

    Shipping(PurchaseOrders orders, Stock stock) {
        this.orders = orders;
        this.stock = stock;
    }

    /**
     * Throws when the item is not in stock, so that it is tried again and in the end becomes a dead letter. A message may come a
     * second time, for instance if the process dies before it is acknowledged; what is shipped stays as it is.
     */
    @RabbitListener(id = OrdersApplication.SHIPPING, queues = OrdersApplication.SHIPPING)
    @Transactional
    void ship(String orderId) {
        PurchaseOrder order = orders.findById(UUID.fromString(orderId)).orElseThrow();
        if (order.isShipped()) {
            return;
        }
        if (!stock.findById(order.item()).map(StockItem::takeOne).orElse(false)) {
            throw new OutOfStockException(order.item());
        }
        order.ship();
    }

    static final class OutOfStockException extends RuntimeException {
        OutOfStockException(String item) {
            super("there is no more " + item);
        }
    }
}
