package dev.stowage.http.limits;

import java.time.Duration;
import java.util.concurrent.Semaphore;

import dev.stowage.http.ClientAddress;
import dev.stowage.http.HttpProperties;
import dev.stowage.http.overload.Capacity;
import io.github.bucket4j.TimeMeter;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.stereotype.Component;

/**
 * Slows the answers to wrong keys from an address that has sent many. A request that
 * waits holds its connection and a virtual thread, and no place among those that are
 * served. Only a few wait at the same time; the others are answered immediately. Right
 * keys are never slowed.
 */
@Component
public class SlowedRefusals {

	static final int MOST_OF_AN_ADDRESS = 4;

	private static final int MOST = 64;

	private final WrongKeys wrongKeys;

	private final InProgress<ClientAddress> waiting = new InProgress<>();

	private final Semaphore places;

	private final int count;

	private final Counter immediate;

	private final Counter slowed;

	private final Counter crowded;

	SlowedRefusals(HttpProperties properties, TimeMeter time, MeterRegistry meters) {
		this.wrongKeys = new WrongKeys(time::currentTimeNanos);
		// their connections are among those that are open only for refusals
		this.count = Math.clamp(Capacity.of(properties).strangers() / 4, 1, MOST);
		this.places = new Semaphore(this.count);
		this.immediate = counter("immediate", meters);
		this.slowed = counter("slowed", meters);
		this.crowded = counter("crowded", meters);
	}

	/** How many answers wait. */
	int waiting() {
		return this.count - this.places.availablePermits();
	}

	private static Counter counter(String outcome, MeterRegistry meters) {
		return Counter.builder("stowage.refused.keys")
			.tag("outcome", outcome)
			.description("Wrong keys, which got 401")
			.register(meters);
	}

	/**
	 * Answers wrong keys like another entry point, but perhaps later. Other refusals,
	 * such as a failure to check a key, are answered at once.
	 */
	public AuthenticationEntryPoint before(AuthenticationEntryPoint answer) {
		return (request, response, ex) -> {
			if (ex instanceof BadCredentialsException) {
				slow(request, response);
			}
			answer.commence(request, response, ex);
		};
	}

	private void slow(HttpServletRequest request, HttpServletResponse response) {
		ClientAddress address = ClientAddress.of(request.getRemoteAddr());
		Duration pause = this.wrongKeys.count(address);
		if (pause.isZero()) {
			this.immediate.increment();
		}
		else if (waits(address, pause)) {
			this.slowed.increment();
		}
		else {
			this.crowded.increment();
			response.setHeader(HttpHeaders.RETRY_AFTER, String.valueOf(RateLimitHeaders.wholeSeconds(pause)));
		}
	}

	private boolean waits(ClientAddress address, Duration pause) {
		if (!this.waiting.begin(address, MOST_OF_AN_ADDRESS)) {
			return false;
		}
		try {
			return this.places.tryAcquire() && sleep(pause);
		}
		finally {
			this.waiting.end(address);
		}
	}

	private boolean sleep(Duration pause) {
		try {
			Thread.sleep(pause);
		}
		catch (InterruptedException ex) {
			// the server stops
			Thread.currentThread().interrupt();
		}
		finally {
			this.places.release();
		}
		return true;
	}

}
