package io.leveret.samples.orders;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.util.UUID;

/** An order for one item; it is shipped or waits for that. */
@Entity
class PurchaseOrder {
    @Id
    private UUID id;

    private String item;

    private boolean shipped;

    /** For JPA, which sets the fields. */
    protected PurchaseOrder() {
        this("");
    }

    PurchaseOrder(String item) {
        this.id = UUID.randomUUID();
        this.item = item;
    }

    UUID id() {
        return id;
    }

    String item() {
        return item;
    }

    boolean isShipped() {
        return shipped;
    }

    void ship() {
        shipped = true;
    }
}
