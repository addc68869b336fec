package dev.stowage.api.tus;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

import dev.stowage.api.ContentTypes;
import dev.stowage.api.form.ExpiryFields;
import dev.stowage.api.RequestException;
import dev.stowage.api.UploadPurpose;
import dev.stowage.file.FileName;
import dev.stowage.file.Purpose;
import dev.stowage.upload.NewFile;
import org.jspecify.annotations.Nullable;

/**
 * What the header Upload-Metadata says of a file: pairs of a key and a base64 value. The
 * keys {@code filename}, {@code filetype}, {@code purpose} and {@code expires_after}
 * count; others are only kept.
 */
final class TusMetadata {

	private static final Pattern KEY = Pattern.compile("[!-+\\--~]+");

	private final Map<String, String> values = new LinkedHashMap<>();

	private final Optional<String> header;

	/**
	 * Reads the header.
	 * @param header null if the client sent none
	 * @throws RequestException when it is malformed
	 */
	TusMetadata(@Nullable String header) {
		this.header = Optional.ofNullable(header).filter((text) -> !text.isBlank());
		this.header.ifPresent((text) -> {
			for (String pair : text.split(",", -1)) {
				add(pair.strip());
			}
		});
	}

	private void add(String pair) {
		int space = pair.indexOf(' ');
		String key = (space < 0) ? pair : pair.substring(0, space);
		String value = (space < 0) ? "" : pair.substring(space + 1);
		if (!KEY.matcher(key).matches() || this.values.putIfAbsent(key, decoded(value)) != null) {
			throw malformed();
		}
	}

	private static String decoded(String value) {
		try {
			return new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
		}
		catch (IllegalArgumentException ex) {
			throw malformed();
		}
	}

	private static RequestException malformed() {
		return RequestException.invalid(Tus.METADATA,
				"'" + Tus.METADATA + "' must be pairs of a key and a base64 value,"
						+ " such as 'filename ZGF0YS5jc3Y=,purpose dXNlcl9kYXRh', in which no key comes twice.");
	}

	/** As the client sent it. */
	Optional<String> header() {
		return this.header;
	}

	/**
	 * The file that it describes.
	 * @param purposes reads what it is for
	 * @throws RequestException when a value is wrong
	 */
	NewFile file(UploadPurpose purposes) {
		FileName name = value("filename").or(() -> value("name")).map(FileName::of).orElse(FileName.NONE);
		Purpose purpose = value("purpose").map(purposes::parse).orElse(Purpose.USER_DATA);
		Optional<String> type = value("filetype").or(() -> value("type"));
		Optional<Duration> lifetime = value(ExpiryFields.NAME)
			.map((text) -> ExpiryFields.lifetime(ExpiryFields.NAME, text));
		return new NewFile(name, ContentTypes.of(type, name), purpose, lifetime);
	}

	private Optional<String> value(String key) {
		return Optional.ofNullable(this.values.get(key)).filter((text) -> !text.isEmpty() && !text.equals("null"));
	}

}
