package dev.stowage.api.resumable;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.stowage.api.ContentTypes;
import dev.stowage.api.form.ExpiryFields;
import dev.stowage.api.RequestException;
import dev.stowage.api.UploadPurpose;
import dev.stowage.file.FileName;
import dev.stowage.file.Purpose;
import dev.stowage.upload.NewFile;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.web.util.UriComponentsBuilder;
import org.springframework.web.util.UriUtils;

/**
 * What the query and the headers of a request say of a file. The query is read by itself,
 * because the container would look for parameters in the body as well.
 */
final class NewUpload {

	private static final String PURPOSE = "purpose";

	private NewUpload() {
	}

	/**
	 * The file that a request describes.
	 * @param purposes reads what it is for
	 * @throws RequestException when something is missing or wrong
	 */
	static NewFile of(HttpServletRequest request, UploadPurpose purposes) {
		Map<String, List<String>> query = query(request.getQueryString());
		FileName name = fileName(request.getHeader(HttpHeaders.CONTENT_DISPOSITION)).map(FileName::of)
			.orElse(FileName.NONE);
		Optional<String> type = Optional.ofNullable(request.getHeader(HttpHeaders.CONTENT_TYPE));
		return new NewFile(name, ContentTypes.of(type, name), purpose(query, purposes), expiry(query).lifetime());
	}

	private static Map<String, List<String>> query(@Nullable String text) {
		try {
			return UriComponentsBuilder.newInstance().query((text != null) ? text : "").build().getQueryParams();
		}
		catch (IllegalArgumentException ex) {
			throw RequestException.invalid(null, "The query cannot be read.");
		}
	}

	private static Purpose purpose(Map<String, List<String>> query, UploadPurpose purposes) {
		List<String> values = query.getOrDefault(PURPOSE, List.of());
		if (values.isEmpty()) {
			throw RequestException.invalid(PURPOSE, "'purpose' is a required property");
		}
		if (values.size() > 1) {
			throw RequestException.invalid(PURPOSE, "'purpose' is given twice.");
		}
		return purposes.parse(decoded(values.getFirst()));
	}

	private static ExpiryFields expiry(Map<String, List<String>> query) {
		ExpiryFields expiry = new ExpiryFields();
		boolean hasSeconds = false;
		boolean hasAnchor = false;
		for (Map.Entry<String, List<String>> parameter : query.entrySet()) {
			String name = decoded(parameter.getKey());
			if (name.startsWith(ExpiryFields.NAME)) {
				parameter.getValue().forEach((value) -> expiry.accept(name, decoded(value)));
				hasSeconds |= name.equals(ExpiryFields.SECONDS);
				hasAnchor |= name.equals(ExpiryFields.ANCHOR);
			}
		}
		if (hasSeconds && !hasAnchor) {
			expiry.accept(ExpiryFields.ANCHOR, "created_at");
		}
		return expiry;
	}

	private static String decoded(@Nullable String text) {
		try {
			return UriUtils.decode((text != null) ? text.replace('+', ' ') : "", StandardCharsets.UTF_8);
		}
		catch (IllegalArgumentException ex) {
			throw RequestException.invalid(null, "The query cannot be read.");
		}
	}

	/** Clients may send a name as UTF-8 although a header has no such characters. */
	private static Optional<String> fileName(@Nullable String disposition) {
		if (disposition == null) {
			return Optional.empty();
		}
		String sent = new String(disposition.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
		try {
			return Optional.ofNullable(ContentDisposition.parse(sent).getFilename());
		}
		catch (IllegalArgumentException ex) {
			return Optional.empty();
		}
	}

}
