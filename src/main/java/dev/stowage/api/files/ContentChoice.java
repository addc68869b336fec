package dev.stowage.api.files;

import java.util.Collections;
import java.util.List;
import java.util.Optional;

import dev.stowage.api.Dialect;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.util.MimeTypeUtils;

/**
 * Whether a request for content gets the bytes or a link to them. What the request asks
 * for wins; if it asks for nothing, the dialect of the file decides. JSON in
 * {@code Accept} asks for nothing, because many clients send it with every request.
 */
enum ContentChoice {

	BYTES, LINK;

	private static final List<MediaType> BINARY = List.of(new MediaType("application", "binary"),
			MediaType.APPLICATION_OCTET_STREAM);

	/**
	 * Reads a request.
	 * @param dialect decides if it asks for nothing
	 */
	static ContentChoice of(HttpServletRequest request, Dialect dialect) {
		if (request.getParameter("expires_in") != null) {
			return LINK;
		}
		if (names(accepted(request), BINARY) || request.getHeader(HttpHeaders.RANGE) != null) {
			return BYTES;
		}
		return (dialect == Dialect.UPLOAD_URL) ? LINK : BYTES;
	}

	/** Whether the client asks for bytes of this very type. */
	static boolean asksFor(HttpServletRequest request, String type) {
		return parse(type).map((wanted) -> names(accepted(request), List.of(wanted))).orElse(false);
	}

	/** A media type that cannot be parsed is ignored; the others still count. */
	private static List<MediaType> accepted(HttpServletRequest request) {
		return Collections.list(request.getHeaders(HttpHeaders.ACCEPT))
			.stream()
			.flatMap((header) -> MimeTypeUtils.tokenize(header).stream())
			.flatMap((type) -> parse(type).stream())
			.toList();
	}

	private static Optional<MediaType> parse(String type) {
		try {
			return Optional.of(MediaType.parseMediaType(type));
		}
		catch (InvalidMediaTypeException ex) {
			return Optional.empty();
		}
	}

	/** A wildcard does not name a type, and a quality of zero excludes one. */
	private static boolean names(List<MediaType> accepted, List<MediaType> wanted) {
		return accepted.stream()
			.filter((type) -> type.getQualityValue() > 0)
			.anyMatch((type) -> wanted.stream().anyMatch(type::equalsTypeAndSubtype));
	}

}
