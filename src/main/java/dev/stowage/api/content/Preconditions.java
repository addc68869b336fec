package dev.stowage.api.content;

import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.HttpHeaders;

/**
 * The conditions of a request on the entity tag of what it asks for.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-13">RFC 9110, section
 * 13</a>
 */
final class Preconditions {

	private static final Pattern TAG = Pattern.compile("(?:W/)?\"[^\"]*\"");

	private static final String ANY = "*";

	private Preconditions() {
	}

	/**
	 * Whether {@code If-Match} does not name the tag. A weak tag never does.
	 * @param etag a strong tag with its quotes
	 */
	static boolean isFailed(HttpServletRequest request, String etag) {
		return request.getHeader(HttpHeaders.IF_MATCH) != null
				&& !names(request, HttpHeaders.IF_MATCH, (tag) -> tag.equals(etag));
	}

	/**
	 * Whether {@code If-None-Match} names the tag, as a weak one or a strong one. The
	 * other condition is checked first.
	 * @param etag a strong tag with its quotes
	 */
	static boolean isNotModified(HttpServletRequest request, String etag) {
		return names(request, HttpHeaders.IF_NONE_MATCH, (tag) -> tag.equals(etag) || tag.equals("W/" + etag));
	}

	private static boolean names(HttpServletRequest request, String header, Predicate<String> isNamed) {
		List<String> lists = Collections.list(request.getHeaders(header));
		return lists.stream().map(String::strip).anyMatch(ANY::equals) || lists.stream()
			.flatMap((list) -> TAG.matcher(list).results())
			.map(MatchResult::group)
			.anyMatch(isNamed);
	}

}
