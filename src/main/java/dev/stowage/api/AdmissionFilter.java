package dev.stowage.api;

import java.io.IOException;
import java.util.concurrent.Semaphore;

import dev.stowage.file.FileProperties;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Refuses what is more than the server can serve at once, before anything is done for it.
 * Who asks for its health is let through.
 */
@Component
@Order(AdmissionFilter.ORDER)
class AdmissionFilter extends OncePerRequestFilter {

	/** Behind the request's id, and behind what counts requests. */
	static final int ORDER = Ordered.HIGHEST_PRECEDENCE + 10;

	private final Semaphore places;

	private final Counter turnedAway;

	private final HandlerExceptionResolver problems;

	AdmissionFilter(FileProperties properties, MeterRegistry meters,
			@Qualifier("handlerExceptionResolver") HandlerExceptionResolver problems) {
		this.turnedAway = TurnedAway.requests(meters);
		this.places = new Semaphore(Capacity.of(properties).requests());
		this.problems = problems;
	}

	/** How many more requests it would serve now. */
	int free() {
		return this.places.availablePermits();
	}

	@Override
	protected boolean shouldNotFilter(HttpServletRequest request) {
		return request.getRequestURI().startsWith("/actuator/");
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		if (!this.places.tryAcquire()) {
			this.turnedAway.increment();
			BodyDrain.drainBriefly(request);
			this.problems.resolveException(request, response, null, new ServerBusyException());
			return;
		}
		try {
			chain.doFilter(request, response);
		}
		finally {
			this.places.release();
		}
	}

}
