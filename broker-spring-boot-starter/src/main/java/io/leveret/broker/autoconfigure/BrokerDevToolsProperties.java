package io.leveret.broker.autoconfigure;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings for development.
 *
 * @param keepRunning Whether the broker, with its port and its messages, outlives the restarts that devtools make. Settings,
 *     customizers and exchange types that change meanwhile are without effect until the process ends.
 */
@ConfigurationProperties("broker.devtools")
record BrokerDevToolsProperties(@DefaultValue("false") boolean keepRunning) {}
