package dev.stowage.http.limits;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

import dev.stowage.http.fields.UploadComplete;
import dev.stowage.owner.Limits;
import dev.stowage.owner.LimitsOf;
import dev.stowage.owner.Owner;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterProperties;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Refuses requests of owners beyond their limits, before the body is read and before the
 * request takes a place. Health, metrics and the pages of the documentation are not
 * counted.
 */
@Component
@Order(LimitsFilter.ORDER)
class LimitsFilter extends OncePerRequestFilter {

	/** After the filters that check the key, and before the one that gives places. */
	static final int ORDER = SecurityFilterProperties.DEFAULT_FILTER_ORDER + 2;

	private static final List<String> NOT_COUNTED = List.of("/actuator/", "/docs", "/swagger-ui/", "/openapi");

	/** The types of bodies that are no files. */
	private static final List<String> SHORT = List.of("application/json", "application/x-www-form-urlencoded");

	private final LimitsOf limits;

	private final RequestRates rates;

	private final InProgress<Owner> uploads = new InProgress<>();

	private final Counter refusedRequests;

	private final Counter refusedUploads;

	private final HandlerExceptionResolver problems;

	LimitsFilter(LimitsOf limits, RequestRates rates, MeterRegistry meters,
			@Qualifier("handlerExceptionResolver") HandlerExceptionResolver problems) {
		this.limits = limits;
		this.rates = rates;
		this.refusedRequests = counter("requests", meters);
		this.refusedUploads = counter("uploads", meters);
		this.problems = problems;
	}

	private static Counter counter(String limit, MeterRegistry meters) {
		return Counter.builder("stowage.rate.limited")
			.tag("limit", limit)
			.description("Requests beyond a limit of their owner, which got 429")
			.register(meters);
	}

	/** How many uploads of an owner are in progress. */
	int uploadsOf(Owner owner) {
		return this.uploads.of(owner);
	}

	@Override
	protected boolean shouldNotFilter(HttpServletRequest request) {
		String path = request.getRequestURI();
		return NOT_COUNTED.stream().anyMatch(path::startsWith);
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		Authentication caller = SecurityContextHolder.getContext().getAuthentication();
		if (caller != null && caller.getPrincipal() instanceof Owner owner) {
			limit(owner, request, response, chain);
		}
		else {
			chain.doFilter(request, response);
		}
	}

	private void limit(Owner owner, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		Limits most = this.limits.of(owner);
		if (most.requestsPerMinute() > 0) {
			Allowance allowance = this.rates.take(owner, most.requestsPerMinute());
			RateLimitHeaders.write(allowance, response);
			if (!allowance.isGranted()) {
				this.refusedRequests.increment();
				this.problems.resolveException(request, response, null, RateLimitException.ofRequests(allowance));
				return;
			}
		}
		if (sendsBytes(request)) {
			upload(owner, most.uploadsAtOnce(), request, response, chain);
		}
		else {
			chain.doFilter(request, response);
		}
	}

	/** Counts also what is not limited, because a limit may come while it lasts. */
	private void upload(Owner owner, int most, HttpServletRequest request, HttpServletResponse response,
			FilterChain chain) throws ServletException, IOException {
		if (!this.uploads.begin(owner, most)) {
			this.refusedUploads.increment();
			this.problems.resolveException(request, response, null, RateLimitException.ofUploads(most));
			return;
		}
		try {
			chain.doFilter(request, response);
		}
		finally {
			this.uploads.end(owner);
		}
	}

	/** Whether the body is a file or a part of one, by whichever protocol it comes. */
	private static boolean sendsBytes(HttpServletRequest request) {
		boolean hasBody = request.getContentLengthLong() > 0
				|| request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
		return switch (request.getMethod()) {
			case "PATCH" -> hasBody;
			case "POST" -> hasBody && (UploadComplete.of(request).isPresent() || isLong(request.getContentType()));
			default -> false;
		};
	}

	private static boolean isLong(@Nullable String contentType) {
		String type = (contentType != null) ? contentType.strip().toLowerCase(Locale.ROOT) : "";
		return !type.isEmpty() && SHORT.stream().noneMatch(type::startsWith);
	}

}
