package io.leveret.broker.autoconfigure;

import io.leveret.broker.Broker;
import io.leveret.broker.amqp.AmqpServer;
import java.lang.management.ManagementFactory;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ApplicationContextEvent;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.core.env.Environment;

/** Says in one line that the broker is up, where it listens and where its data is, and in one that it stops. */
final class BrokerLog implements ApplicationListener<ApplicationContextEvent> {
    private static final Logger log = LoggerFactory.getLogger("io.leveret.broker");

    private final Broker broker;
    private final AmqpServer server;
    private final BrokerStorage storage;
    private final ApplicationContext context;

    BrokerLog(Broker broker, AmqpServer server, BrokerStorage storage, ApplicationContext context) {
        this.broker = broker;
        this.server = server;
        this.storage = storage;
        this.context = context;
    }

    @Override
    public void onApplicationEvent(ApplicationContextEvent event) {
        if (event.getApplicationContext() != context) {
            return;
        }
        String name = broker.config().name();
        if (event instanceof ContextRefreshedEvent) {
            log.atInfo()
                    .addKeyValue("broker.name", name)
                    .addKeyValue("broker.port", server.port())
                    .addKeyValue("broker.ssl.port", server.tlsPort())
                    .log(startLine(name));
            context.publishEvent(new BrokerStartedEvent(broker, server.port()));
        } else if (event instanceof ContextClosedEvent) {
            log.atInfo().addKeyValue("broker.name", name).log("Leveret broker {} stops", name);
        }
    }

    private String startLine(String name) {
        return "Leveret %s broker %s is up: %s%s; %s; process running for %s s"
                .formatted(
                        BrokerVersion.current(),
                        name,
                        amqp(),
                        http(context.getEnvironment()),
                        storage.describe(),
                        String.format(
                                Locale.ROOT,
                                "%.2f",
                                ManagementFactory.getRuntimeMXBean().getUptime() / 1_000.0));
    }

    private String amqp() {
        String plain =
                server.port() == AmqpServer.NO_PORT ? "" : "AMQP on " + text(server.address()) + ":" + server.port();
        String tls = server.tlsPort() == AmqpServer.NO_PORT
                ? ""
                : "AMQPS on " + text(server.address()) + ":" + server.tlsPort();
        return plain + (plain.isEmpty() || tls.isEmpty() ? "" : ", ") + tls;
    }

    private static String http(Environment environment) {
        Integer port = environment.getProperty("local.server.port", Integer.class);
        return port == null ? "" : ", HTTP on %s:%d".formatted(environment.getProperty("server.address", "*"), port);
    }

    private static String text(InetAddress address) {
        String text = address.getHostAddress();
        return address instanceof Inet6Address ? "[" + text + "]" : text;
    }
}
