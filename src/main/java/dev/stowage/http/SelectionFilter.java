package dev.stowage.http;

import java.io.IOException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.stowage.http.fields.UploadComplete;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterProperties;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Shows Spring, which selects a controller, only what it can select by.
 * <p>
 * It selects by the type of the body alone, but refuses types with parameters that its
 * parser cannot read, such as {@code boundary===x==} or {@code charset=}. The header
 * itself keeps them for a controller that needs one. A malformed {@code Upload-Complete}
 * is ignored as a whole, as structured fields are (RFC 9651, 4.2), so such a request is
 * one without it.
 */
@Component
@Order(SelectionFilter.ORDER)
class SelectionFilter extends OncePerRequestFilter {

	/** Before the filters that count by type. */
	static final int ORDER = SecurityFilterProperties.DEFAULT_FILTER_ORDER + 1;

	private static final Pattern TYPE = Pattern.compile("[^;,\\s]*");

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		chain.doFilter(new SelectableRequest(request), response);
	}

	private static final class SelectableRequest extends HttpServletRequestWrapper {

		private SelectableRequest(HttpServletRequest request) {
			super(request);
		}

		@Override
		public @Nullable String getContentType() {
			String type = super.getContentType();
			if (type == null) {
				return null;
			}
			Matcher plain = TYPE.matcher(type.strip());
			return plain.lookingAt() ? plain.group() : "";
		}

		@Override
		public @Nullable String getHeader(String name) {
			return isMalformed(name) ? null : super.getHeader(name);
		}

		@Override
		public Enumeration<String> getHeaders(String name) {
			return isMalformed(name) ? Collections.emptyEnumeration() : super.getHeaders(name);
		}

		private boolean isMalformed(String name) {
			return name.equalsIgnoreCase(UploadComplete.HEADER)
					&& UploadComplete.of((HttpServletRequest) getRequest()).isEmpty();
		}

	}

}
