package io.leveret.broker.host.application;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;

/** What the applications with JPA keep. */
@Entity
public class Customer {
    @Id
    private long id;

    private String name = "";

    protected Customer() {}

    public Customer(long id, String name) {
        this.id = id;
        this.name = name;
    }

    public long getId() {
        return id;
    }

    public String getName() {
        return name;
    }
}
