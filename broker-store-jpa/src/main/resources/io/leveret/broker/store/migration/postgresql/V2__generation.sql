-- One row: how often a broker has opened this database. A connection of a broker is good as long as no other one has.
create table if not exists broker_generation (
    generation bigint not null
);

insert into broker_generation
select 0 where not exists (select 1 from broker_generation);
