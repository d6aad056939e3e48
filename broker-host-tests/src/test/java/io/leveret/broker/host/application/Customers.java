package io.leveret.broker.host.application;

import org.springframework.data.jpa.repository.JpaRepository;

/** The repository of the applications with JPA. */
public interface Customers extends JpaRepository<Customer, Long> {}
