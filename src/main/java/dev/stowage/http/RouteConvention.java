package dev.stowage.http;

import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;

import org.springframework.http.server.observation.DefaultServerRequestObservationConvention;
import org.springframework.http.server.observation.ServerRequestObservationContext;
import org.springframework.stereotype.Component;

/**
 * Describes a request by its route and outcome, never by text of the client, such as its
 * path or an unknown method.
 */
@Component
class RouteConvention extends DefaultServerRequestObservationConvention {

	@Override
	public String getContextualName(ServerRequestObservationContext context) {
		KeyValue method = method(context);
		String route = context.getPathPattern();
		return (route != null) ? method.getValue() + " " + route : method.getValue();
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(ServerRequestObservationContext context) {
		return KeyValues.empty();
	}

}
