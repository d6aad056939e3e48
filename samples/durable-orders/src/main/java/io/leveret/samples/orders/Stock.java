package io.leveret.samples.orders;

import org.springframework.data.jpa.repository.JpaRepository;

interface Stock extends JpaRepository<StockItem, String> {}
