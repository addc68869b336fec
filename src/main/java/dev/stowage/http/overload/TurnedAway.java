package dev.stowage.http.overload;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts whom the server answered with 503 because it had too much to do. */
final class TurnedAway {

	private TurnedAway() {
	}

	/** For which there was no connection. */
	static Counter connections(MeterRegistry meters) {
		return counter("connection", meters);
	}

	/** For which there was a connection, but no more. */
	static Counter requests(MeterRegistry meters) {
		return counter("request", meters);
	}

	private static Counter counter(String what, MeterRegistry meters) {
		return Counter.builder("stowage.turned.away")
			.tag("what", what)
			.description("Connections and requests beyond what the heap carries, which got 503")
			.register(meters);
	}

}
