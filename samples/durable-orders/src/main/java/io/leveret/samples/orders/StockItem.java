package io.leveret.samples.orders;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;

/** How many of an item there are. */
@Entity
class StockItem {
    @Id
    private String name;

    private int quantity;

    /** For JPA, which sets the fields. */
    protected StockItem() {
        this("", 0);
    }

    StockItem(String name, int quantity) {
        this.name = name;
        this.quantity = quantity;
    }

    String name() {
        return name;
    }

    boolean takeOne() {
        if (quantity == 0) {
            return false;
        }
        quantity--;
        return true;
    }
}
