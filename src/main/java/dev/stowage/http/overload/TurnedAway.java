package dev.stowage.http.overload;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts the connections and requests that got 503 because the server was busy. */
final class TurnedAway {

	private TurnedAway() {
	}

	/** Counts one without a connection of Tomcat's. */
	static Counter connections(MeterRegistry meters) {
		return counter("connection", meters);
	}

	/** Counts a request that was refused on its connection. */
	static Counter requests(MeterRegistry meters) {
		return counter("request", meters);
	}

	private static Counter counter(String what, MeterRegistry meters) {
		return Counter.builder("stowage.turned.away")
			.tag("what", what)
			.description("Connections and requests beyond what fits into the heap, which got 503")
			.register(meters);
	}

}
