package dev.stowage.http;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Hides the parameters of a body's media type from Spring, which selects a controller by
 * the type alone but refuses types with parameters that its parser cannot read, such as
 * {@code boundary===x==} or {@code charset=}. The header itself keeps them for a
 * controller that needs one.
 */
@Component
class BodyTypeFilter extends OncePerRequestFilter {

	private static final Pattern TYPE = Pattern.compile("[^;,\\s]*");

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		chain.doFilter(new PlainTypeRequest(request), response);
	}

	private static final class PlainTypeRequest extends HttpServletRequestWrapper {

		private PlainTypeRequest(HttpServletRequest request) {
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

	}

}
