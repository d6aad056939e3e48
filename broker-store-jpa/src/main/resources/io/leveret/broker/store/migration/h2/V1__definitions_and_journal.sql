-- Definitions. The id of a row is a digest of what makes a definition unique, so that names may be of any length and of any
-- characters; a name with characters that not every database can hold has them escaped.
create table if not exists broker_vhost (
    id uuid not null primary key,
    name varchar not null,
    description clob not null,
    tags clob not null,
    default_queue_type varchar
);

create table if not exists broker_user (
    id uuid not null primary key,
    name varchar not null,
    password_hash varchar not null,
    hashing_algorithm varchar not null,
    tags clob not null
);

create table if not exists broker_permission (
    id uuid not null primary key,
    user_name varchar not null,
    vhost varchar not null,
    configure_pattern varchar not null,
    write_pattern varchar not null,
    read_pattern varchar not null
);

create table if not exists broker_topic_permission (
    id uuid not null primary key,
    user_name varchar not null,
    vhost varchar not null,
    exchange varchar not null,
    write_pattern varchar not null,
    read_pattern varchar not null
);

create table if not exists broker_vhost_limit (
    id uuid not null primary key,
    vhost varchar not null,
    limit_name varchar not null,
    limit_value bigint not null
);

create table if not exists broker_user_limit (
    id uuid not null primary key,
    user_name varchar not null,
    limit_name varchar not null,
    limit_value bigint not null
);

-- without a virtual host: a global parameter
create table if not exists broker_parameter (
    id uuid not null primary key,
    vhost varchar,
    component varchar not null,
    name varchar not null,
    json clob not null
);

create table if not exists broker_policy (
    id uuid not null primary key,
    vhost varchar not null,
    name varchar not null,
    operator boolean not null,
    pattern varchar not null,
    apply_to varchar not null,
    priority integer not null,
    json clob not null
);

-- arguments: the entries of an AMQP field table
create table if not exists broker_exchange (
    id uuid not null primary key,
    vhost varchar not null,
    name varchar not null,
    exchange_type varchar not null,
    durable boolean not null,
    auto_delete boolean not null,
    internal boolean not null,
    arguments blob not null,
    journal_id bigint not null
);

create table if not exists broker_queue (
    id uuid not null primary key,
    vhost varchar not null,
    name varchar not null,
    auto_delete boolean not null,
    arguments blob not null,
    journal_id bigint not null
);

create table if not exists broker_binding (
    id uuid not null primary key,
    vhost varchar not null,
    source varchar not null,
    destination varchar not null,
    to_queue boolean not null,
    routing_key varchar not null,
    arguments blob not null
);

-- The journal: one row is one commit of many messages.
create table if not exists broker_journal_segment (
    id bigint not null primary key,
    entries varbinary(1048576) not null,
    settlements varbinary(1048576) not null,
    dead varbinary(1048576)
);

-- Apart from the rest, so that recovery does not read it. The id is 4096 times that of the segment, plus the number of the
-- part; the part after the last one is empty.
create table if not exists broker_journal_payload (
    id bigint not null primary key,
    bytes varbinary(1048576) not null
);
