package dev.stowage.security;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

import dev.stowage.http.path.RequestPath;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.security.web.firewall.FirewalledRequest;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.security.web.firewall.StrictHttpFirewall;

/**
 * One rule replaces those for paths: a path must be in its one spelling, in which nothing
 * that a client encoded means anything to the routes. Methods that no route knows get 401
 * and 405 like others. Headers may be UTF-8, as clients send names of files.
 */
final class RequestFirewall extends StrictHttpFirewall {

	private static final Pattern TEXT = Pattern.compile("(?:[\\p{IsAssigned}&&[^\\p{IsControl}]]|\t)*+");

	RequestFirewall() {
		setAllowUrlEncodedPercent(true);
		setAllowUrlEncodedSlash(true);
		setAllowUrlEncodedDoubleSlash(true);
		setAllowUrlEncodedPeriod(true);
		setAllowBackSlash(true);
		setAllowSemicolon(true);
		setAllowNull(true);
		setAllowUrlEncodedCarriageReturn(true);
		setAllowUrlEncodedLineFeed(true);
		setAllowUrlEncodedLineSeparator(true);
		setAllowUrlEncodedParagraphSeparator(true);
		setUnsafeAllowAnyHttpMethod(true);
		setAllowedHeaderValues(RequestFirewall::isText);
	}

	/** The container gives each byte of a header as one character. */
	private static boolean isText(String header) {
		return TEXT.matcher(new String(header.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8)).matches();
	}

	@Override
	public FirewalledRequest getFirewalledRequest(HttpServletRequest request) {
		if (!RequestPath.isSpelled(request.getRequestURI())) {
			throw new RequestRejectedException("The path is not in its one spelling");
		}
		return super.getFirewalledRequest(request);
	}

}
