package dev.stowage.http;

import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;

import org.springframework.http.server.observation.DefaultServerRequestObservationConvention;
import org.springframework.http.server.observation.ServerRequestObservationContext;
import org.springframework.stereotype.Component;

/**
 * Describes a request by what we know of it, its route and outcome, and by nothing that
 * the client made up: not its path, nor a method that nobody knows.
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
