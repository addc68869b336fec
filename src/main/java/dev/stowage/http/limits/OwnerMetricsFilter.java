package dev.stowage.http.limits;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.stowage.http.BrokenAnswerException;
import dev.stowage.http.Problem;
import dev.stowage.http.audit.Answered;
import dev.stowage.http.audit.AuditFilter;
import dev.stowage.owner.Owner;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterProperties;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Counts the requests of each owner by what became of them. An issuer of tokens can name
 * any number of owners, and each of them costs memory, so only the first ones have their
 * names.
 */
@Component
@Order(SecurityFilterProperties.DEFAULT_FILTER_ORDER - 1)
class OwnerMetricsFilter extends OncePerRequestFilter {

	/** How many owners have their names; about 2 KiB for each. */
	static final int MOST = 1_000;

	/** No owner has this name. */
	private static final String OTHERS = "(others)";

	private final OwnerMetricsProperties properties;

	private final Set<Owner> known = ConcurrentHashMap.newKeySet();

	private final Meter.MeterProvider<Counter> requests;

	OwnerMetricsFilter(OwnerMetricsProperties properties, MeterRegistry meters) {
		this.properties = properties;
		this.requests = Counter.builder("stowage.owner.requests")
			.description("Requests of each owner by their outcome")
			.withRegistry(meters);
	}

	@Override
	protected boolean shouldNotFilter(HttpServletRequest request) {
		return !this.properties.metricsOwners();
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		boolean isAnswered = false;
		try {
			chain.doFilter(request, response);
			isAnswered = !BrokenAnswerException.isNoted(request);
		}
		finally {
			String outcome = isAnswered ? outcome(request, response) : "broken";
			AuditFilter.ownerOf(request)
				.ifPresent((owner) -> this.requests.withTags("owner", name(owner), "outcome", outcome).increment());
		}
	}

	private String name(Owner owner) {
		boolean isKnown = this.known.contains(owner) || (this.known.size() < MOST && this.known.add(owner));
		return isKnown ? owner.name() : OTHERS;
	}

	/** Not every family of clients gets a full quota as the same status. */
	private static String outcome(HttpServletRequest request, HttpServletResponse response) {
		if (Answered.of(request).code().filter(Problem.INSUFFICIENT_QUOTA::equals).isPresent()) {
			return Problem.INSUFFICIENT_QUOTA;
		}
		if (response.getStatus() == HttpStatus.TOO_MANY_REQUESTS.value()) {
			return "too_many";
		}
		return switch (response.getStatus() / 100) {
			case 4 -> "client_error";
			case 5 -> "server_error";
			default -> "success";
		};
	}

}
