package dev.stowage.api.tus;

import java.util.OptionalLong;
import java.util.regex.Pattern;

import dev.stowage.api.RequestException;
import dev.stowage.api.UploadHeaders;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;

/** The words of the protocol. */
final class Tus {

	static final String RESUMABLE = "Tus-Resumable";

	static final String VERSION = "1.0.0";

	static final String VERSIONS = "Tus-Version";

	static final String DEFER_LENGTH = "Upload-Defer-Length";

	static final String METADATA = "Upload-Metadata";

	static final String EXPIRES = "Upload-Expires";

	static final String CHECKSUM = "Upload-Checksum";

	/** The type of the bodies that are appended. */
	static final String BYTES = "application/offset+octet-stream";

	private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

	private Tus() {
	}

	/** Refuses requests of another version of the protocol. */
	static void requireVersion(HttpServletRequest request) {
		if (!VERSION.equals(request.getHeader(RESUMABLE))) {
			throw new RequestException(HttpStatus.PRECONDITION_FAILED, "unsupported_tus_version", RESUMABLE,
					"Send '" + RESUMABLE + ": " + VERSION + "', the only version of tus that this server speaks.")
				.with(VERSIONS, VERSION);
		}
	}

	/**
	 * The length that an upload will have; empty if the client says it later.
	 * @throws RequestException when it says neither
	 */
	static OptionalLong lengthOfNew(HttpServletRequest request) {
		OptionalLong length = number(request, UploadHeaders.LENGTH);
		String deferred = request.getHeader(DEFER_LENGTH);
		if (length.isPresent() == (deferred != null) || (deferred != null && !deferred.equals("1"))) {
			throw RequestException.invalid(UploadHeaders.LENGTH,
					"Send either '" + UploadHeaders.LENGTH + "', or '" + DEFER_LENGTH + ": 1'.");
		}
		return length;
	}

	static OptionalLong number(HttpServletRequest request, String header) {
		return number(header, request.getHeader(header));
	}

	static long requiredNumber(HttpServletRequest request, String header) {
		return number(request, header)
			.orElseThrow(() -> RequestException.invalid(header, "'" + header + "' is a required header"));
	}

	private static OptionalLong number(String header, @Nullable String value) {
		if (value == null) {
			return OptionalLong.empty();
		}
		if (!NUMBER.matcher(value).matches()) {
			throw RequestException.invalid(header, "'" + header + "' must be a whole number that is not negative.");
		}
		return OptionalLong.of(Long.parseLong(value));
	}

}
