package dev.stowage.http.path;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

import org.springframework.web.util.UriUtils;

/**
 * The one spelling of the path of a request, which the container, the rules of security
 * and the routes all see. In it, slashes are not repeated and do not end the path, and a
 * segment holds only characters that mean nothing but themselves. Any other character is
 * percent-encoded twice, so that no later step can decode it to a slash or a dot that
 * leads to another path.
 */
public final class RequestPath {

	private static final String PERCENT = "%25";

	private static final String LITERAL = "-._~!$&'()*+,=:@";

	private static final HexFormat hex = HexFormat.of().withUpperCase();

	private RequestPath() {
	}

	/**
	 * The one spelling of a path, for example {@code /v1/files/a%252Fb} of
	 * {@code //v1/files/a%2fb/}.
	 * @param raw the path as it was sent, each byte of it as one character
	 */
	public static String of(String raw) {
		StringBuilder path = new StringBuilder(raw.length() + 1);
		for (String segment : raw.split("/", -1)) {
			if (!segment.isEmpty()) {
				append(decoded(segment), path.append('/'));
			}
		}
		return path.isEmpty() ? "/" : path.toString();
	}

	private static byte[] decoded(String segment) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream(segment.length());
		for (int i = 0; i < segment.length(); i++) {
			char next = segment.charAt(i);
			if (next == '%' && i + 2 < segment.length() && HexFormat.isHexDigit(segment.charAt(i + 1))
					&& HexFormat.isHexDigit(segment.charAt(i + 2))) {
				bytes.write(HexFormat.fromHexDigits(segment, i + 1, i + 3));
				i += 2;
			}
			else {
				bytes.write(next);
			}
		}
		return bytes.toByteArray();
	}

	private static void append(byte[] segment, StringBuilder path) {
		String text = new String(segment, StandardCharsets.ISO_8859_1);
		boolean isDots = text.equals(".") || text.equals("..");
		for (byte octet : segment) {
			char next = (char) (octet & 0xFF);
			if (isLiteral(next) && !isDots) {
				path.append(next);
			}
			else {
				path.append(PERCENT).append(hex.toHexDigits(octet));
			}
		}
	}

	private static boolean isLiteral(char next) {
		return (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z') || (next >= '0' && next <= '9')
				|| LITERAL.indexOf(next) >= 0;
	}

	/** Whether a path is in the one spelling. */
	public static boolean isSpelled(String path) {
		return path.equals(of(shown(path)));
	}

	/** What a client may be shown of a path in the one spelling: it is encoded once. */
	public static String shown(String path) {
		return path.replace(PERCENT, "%");
	}

	/**
	 * The text of a segment, which the client meant.
	 * @param segment a segment that was decoded once, as Spring MVC does
	 */
	public static String text(String segment) {
		return UriUtils.decode(segment, StandardCharsets.UTF_8);
	}

}
