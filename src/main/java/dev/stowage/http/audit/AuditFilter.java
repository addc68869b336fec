package dev.stowage.http.audit;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

import dev.stowage.http.BrokenAnswerException;
import dev.stowage.http.RequestIdFilter;
import dev.stowage.owner.Owner;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterProperties;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Writes one line for each action to the logger {@code stowage.audit}, once it is
 * answered. A line has ids only: no name of a file or key, no URL, and nothing else that
 * a client chose.
 */
@Component
@Order(SecurityFilterProperties.DEFAULT_FILTER_ORDER - 1)
public class AuditFilter extends OncePerRequestFilter {

	private static final Logger audit = LoggerFactory.getLogger("stowage.audit");

	private static final String CALLER = AuditFilter.class.getName();

	private static final String NONE = "-";

	/** In paths. */
	private static final List<String> VARIABLES = List.of("id", "key", "account");

	/** Of files, uploads, accounts, projects and keys. */
	private static final Pattern ID = Pattern
		.compile("(file-|upload_|svc_acct_|proj_)[0-9A-Za-z]{12,64}|[0-9A-Za-z]{12}|first");

	private static final Pattern PROJECT = Pattern.compile("(?!sk-)[0-9A-Za-z._@-]{1,64}");

	private static final Pattern SUBJECT = Pattern.compile("(?!sk-)[0-9A-Za-z._@:|/+-]{1,128}");

	private static final Pattern ADDRESS = Pattern.compile("[0-9A-Fa-f.:%]{2,45}");

	private final AuditProperties properties;

	AuditFilter(AuditProperties properties) {
		this.properties = properties;
	}

	/** Notes who asks, as soon as that is known. */
	public static void note(ServletRequest request, Authentication caller) {
		request.setAttribute(CALLER, caller);
	}

	/** The owner that asks, once it is known; empty for others. */
	public static Optional<Owner> ownerOf(ServletRequest request) {
		return (request.getAttribute(CALLER) instanceof Authentication caller
				&& caller.getPrincipal() instanceof Owner owner) ? Optional.of(owner) : Optional.empty();
	}

	@Override
	protected boolean shouldNotFilter(HttpServletRequest request) {
		return !this.properties.audit();
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		boolean isAnswered = false;
		try {
			chain.doFilter(request, response);
			isAnswered = true;
		}
		finally {
			write(request, response, isAnswered);
		}
	}

	private static void write(HttpServletRequest request, HttpServletResponse response, boolean isAnswered) {
		Object pattern = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
		String route = (pattern != null) ? pattern.toString() : null;
		Action.of(request, response, route)
			.ifPresent((action) -> audit.info(
					"{} request={} owner={} key={} address={} project={} id={} status={} code={}", action,
					RequestIdFilter.idOf(request), ownerOf(request).map(Owner::name).orElse(NONE), key(request),
					known(request.getRemoteAddr(), ADDRESS),
					inPath(request, "project").map((id) -> known(id, PROJECT)).orElse(NONE), id(request, response),
					(isAnswered && !BrokenAnswerException.isNoted(request)) ? response.getStatus() : "broken",
					Answered.of(request).code().orElse(NONE)));
	}

	private static String key(HttpServletRequest request) {
		return (request.getAttribute(CALLER) instanceof Authentication caller
				&& caller.getDetails() instanceof Optional<?> id)
						? id.map((its) -> known(its.toString(), SUBJECT)).orElse(NONE) : NONE;
	}

	/** What the answer is about, otherwise what the path names. */
	private static String id(HttpServletRequest request, HttpServletResponse response) {
		return Answered.of(request)
			.id()
			.or(() -> Optional.ofNullable(response.getHeader(Action.FILE_ID)))
			.or(() -> VARIABLES.stream().flatMap((name) -> inPath(request, name).stream()).findFirst())
			.or(() -> Optional.ofNullable(response.getHeader(HttpHeaders.LOCATION))
				.map((location) -> location.substring(location.lastIndexOf('/') + 1)))
			.map((id) -> known(id, ID))
			.orElse(NONE);
	}

	private static Optional<String> inPath(HttpServletRequest request, String variable) {
		return (request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE) instanceof Map<?, ?> variables)
				? Optional.ofNullable(variables.get(variable)).map(String::valueOf) : Optional.empty();
	}

	/**
	 * A client can send anything, a key for example, where something else is expected.
	 */
	private static String known(String text, Pattern shape) {
		return shape.matcher(text).matches() ? text : "?";
	}

}
