package io.leveret.broker.autoconfigure.endpoint;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/** The same over HTTP, where a deletion that finds nothing is a 404, too. */
@EndpointWebExtension(endpoint = BrokerEndpoint.class)
final class BrokerWebEndpoint {
    private final BrokerEndpoint endpoint;

    BrokerWebEndpoint(BrokerEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    @DeleteOperation
    WebEndpointResponse<Map<String, Object>> delete(
            @Selector String vhost, @Selector String queue, @Nullable Boolean ifUnused, @Nullable Boolean ifEmpty) {
        return response(endpoint.delete(vhost, queue, ifUnused, ifEmpty));
    }

    @DeleteOperation
    WebEndpointResponse<Map<String, Object>> purge(
            @Selector String vhost, @Selector String queue, @Selector String part) {
        return response(endpoint.purge(vhost, queue, part));
    }

    private static WebEndpointResponse<Map<String, Object>> response(@Nullable Map<String, Object> answer) {
        return answer == null
                ? new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND)
                : new WebEndpointResponse<>(answer);
    }
}
