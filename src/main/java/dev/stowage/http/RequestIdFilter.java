package dev.stowage.http;

import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** Gives every request an id that its response and its errors carry. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
public class RequestIdFilter extends OncePerRequestFilter {

	public static final String HEADER = "x-request-id";

	private static final String ATTRIBUTE = RequestIdFilter.class.getName();

	private final List<ProblemDialect> dialects;

	RequestIdFilter(List<ProblemDialect> dialects) {
		this.dialects = List.copyOf(dialects);
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		response.setHeader(HEADER, idOf(request));
		ProblemDialect.of(request, this.dialects)
			.ifPresent((dialect) -> response.setHeader(dialect.idHeader(), idOf(request)));
		chain.doFilter(request, response);
	}

	/**
	 * Requests that are refused before any filter runs arrive here with their error page.
	 */
	@Override
	protected boolean shouldNotFilterErrorDispatch() {
		return false;
	}

	/** The request's id, made when it is first asked for. */
	public static String idOf(ServletRequest request) {
		if (request.getAttribute(ATTRIBUTE) instanceof String id) {
			return id;
		}
		String id = newId();
		request.setAttribute(ATTRIBUTE, id);
		return id;
	}

	public static String newId() {
		byte[] random = new byte[16];
		ThreadLocalRandom.current().nextBytes(random);
		return "req_" + HexFormat.of().formatHex(random);
	}

}
