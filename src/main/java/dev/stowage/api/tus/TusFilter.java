package dev.stowage.api.tus;

import java.io.IOException;
import java.util.Set;

import dev.stowage.upload.append.AppendedUploads;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * What the protocol asks of every answer, even of a refusal, and the method that clients
 * send in a header where their environment allows no other than POST.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
class TusFilter extends OncePerRequestFilter {

	private static final String UPLOADS = "/v1/uploads";

	private static final String OVERRIDE = "X-HTTP-Method-Override";

	private static final Set<String> OVERRIDING = Set.of("PATCH", "DELETE", "HEAD");

	private static final String EXTENSIONS = "creation,creation-with-upload,creation-defer-length,expiration,"
			+ "termination,checksum";

	private final AppendedUploads uploads;

	TusFilter(AppendedUploads uploads) {
		this.uploads = uploads;
	}

	@Override
	protected boolean shouldNotFilter(HttpServletRequest request) {
		return !request.getRequestURI().startsWith(UPLOADS) && !isOptions(request);
	}

	private static boolean isOptions(HttpServletRequest request) {
		return request.getMethod().equals("OPTIONS");
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		if (isOptions(request)) {
			response.setHeader(Tus.RESUMABLE, Tus.VERSION);
			response.setHeader(Tus.VERSIONS, Tus.VERSION);
			response.setHeader("Tus-Extension", EXTENSIONS);
			response.setHeader("Tus-Max-Size", String.valueOf(this.uploads.maxSize()));
			response.setHeader("Tus-Checksum-Algorithm", TusChecksum.algorithms());
		}
		if (request.getHeader(Tus.RESUMABLE) == null) {
			chain.doFilter(request, response);
			return;
		}
		response.setHeader(Tus.RESUMABLE, Tus.VERSION);
		String method = request.getHeader(OVERRIDE);
		boolean isOverridden = method != null && OVERRIDING.contains(method) && request.getMethod().equals("POST");
		chain.doFilter(isOverridden ? new OverriddenRequest(request, method) : request, response);
	}

	/** A request with the method that its client meant. */
	private static final class OverriddenRequest extends HttpServletRequestWrapper {

		private final String method;

		private OverriddenRequest(HttpServletRequest request, String method) {
			super(request);
			this.method = method;
		}

		@Override
		public String getMethod() {
			return this.method;
		}

	}

}
