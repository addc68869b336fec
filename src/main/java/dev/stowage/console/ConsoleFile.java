package dev.stowage.console;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

import org.springframework.core.io.ClassPathResource;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/**
 * A file of the console. Browsers keep it, and ask each time whether it has changed, so
 * that a page and its scripts never come from different versions.
 */
final class ConsoleFile {

	private static final Map<String, String> TYPES = Map.of("html", "text/html", "css", "text/css", "js",
			"text/javascript");

	private final byte[] bytes;

	private final MediaType type;

	private final String tag;

	private ConsoleFile(byte[] bytes, MediaType type, String tag) {
		this.bytes = bytes;
		this.type = type;
		this.tag = tag;
	}

	/** Reads one from the jar. */
	static ConsoleFile read(String name) throws IOException {
		byte[] bytes = new ClassPathResource("console/" + name).getContentAsByteArray();
		String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
		return new ConsoleFile(bytes,
				new MediaType(MediaType.parseMediaType(String.valueOf(type)), StandardCharsets.UTF_8), tag(bytes));
	}

	private static String tag(byte[] bytes) {
		try {
			byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
			return '"' + HexFormat.of().formatHex(hash, 0, 16) + '"';
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	ResponseEntity<byte[]> answer() {
		return ResponseEntity.ok()
			.eTag(this.tag)
			.cacheControl(CacheControl.noCache())
			.contentType(this.type)
			.body(this.bytes);
	}

}
