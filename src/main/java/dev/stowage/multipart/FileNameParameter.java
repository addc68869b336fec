package dev.stowage.multipart;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * The file name in a Content-Disposition header, in every notation that clients use: a
 * plain {@code filename} whose text may hold encoded words (RFC 2047), the extended
 * {@code filename*} (RFC 8187), and the pieces {@code filename*0}, {@code filename*1*}
 * and so on (RFC 2231).
 */
final class FileNameParameter {

	private static final String NAME = "filename";

	private final StringBuilder name = new StringBuilder();

	/** Decoded bytes that are not in the name yet, because a character may continue. */
	private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

	private @Nullable Charset charset;

	private boolean malformed;

	private FileNameParameter() {
	}

	/**
	 * Decodes the name; empty if there is none. A text that cannot be decoded is the name
	 * only if there is no other.
	 */
	static Optional<String> of(HeaderValue disposition) {
		Optional<String> extended = disposition.parameter(NAME + "*");
		return extended.flatMap(FileNameParameter::extended)
			.or(() -> continued(disposition))
			.or(() -> disposition.parameter(NAME).map(FileNameParameter::plain))
			.or(() -> extended)
			.or(() -> undecoded(disposition));
	}

	private static String plain(String value) {
		return EncodedWords.decode(HeaderValue.decodeForm(value));
	}

	private static Optional<String> extended(String value) {
		FileNameParameter decoded = new FileNameParameter();
		decoded.addFirst(value);
		return decoded.text();
	}

	/** Joins the pieces up to the first number that is missing. */
	private static Optional<String> continued(HeaderValue disposition) {
		FileNameParameter decoded = new FileNameParameter();
		StringBuilder literal = new StringBuilder();
		boolean isLiteral = true;
		int number = 0;
		for (String piece = piece(number); isThere(disposition, piece); piece = piece(++number)) {
			Optional<String> encoded = disposition.parameter(piece + "*");
			if (encoded.isEmpty()) {
				String text = disposition.parameter(piece).orElseThrow();
				decoded.add(text);
				literal.append(text);
			}
			else if (number == 0) {
				decoded.addFirst(encoded.get());
				isLiteral = false;
			}
			else {
				decoded.addEncoded(encoded.get());
				isLiteral = false;
			}
		}
		if (number == 0) {
			return Optional.empty();
		}
		return isLiteral ? Optional.of(plain(literal.toString())) : decoded.text();
	}

	private static Optional<String> undecoded(HeaderValue disposition) {
		StringBuilder text = new StringBuilder();
		int number = 0;
		for (String piece = piece(number); isThere(disposition, piece); piece = piece(++number)) {
			String plain = piece;
			disposition.parameter(piece + "*").or(() -> disposition.parameter(plain)).ifPresent(text::append);
		}
		return (number == 0) ? Optional.empty() : Optional.of(text.toString());
	}

	private static String piece(int number) {
		return NAME + "*" + number;
	}

	private static boolean isThere(HeaderValue disposition, String piece) {
		return disposition.parameter(piece).isPresent() || disposition.parameter(piece + "*").isPresent();
	}

	/** Adds {@code charset'language'percent-encoded}. */
	private void addFirst(String value) {
		String[] sections = value.split("'", 3);
		if (sections.length == 3) {
			this.charset = EncodedWords.charset(sections[0]).orElse(null);
			addEncoded(sections[2]);
		}
		this.malformed |= this.charset == null;
	}

	private void addEncoded(String encoded) {
		for (int i = 0; i < encoded.length(); i++) {
			char c = encoded.charAt(i);
			if (c > ' ' && c <= '~' && c != '%') {
				this.bytes.write(c);
			}
			else if (c == '%' && isHex(encoded, i + 1) && isHex(encoded, i + 2)) {
				this.bytes.write(HexFormat.fromHexDigits(encoded, i + 1, i + 3));
				i += 2;
			}
			else {
				this.malformed = true;
			}
		}
	}

	private void add(String text) {
		decodeBytes();
		this.name.append(text);
	}

	private void decodeBytes() {
		Charset known = (this.charset != null) ? this.charset : StandardCharsets.UTF_8;
		Optional<String> decoded = EncodedWords.decode(this.bytes.toByteArray(), known);
		decoded.ifPresent(this.name::append);
		this.malformed |= decoded.isEmpty();
		this.bytes.reset();
	}

	private Optional<String> text() {
		decodeBytes();
		return this.malformed ? Optional.empty() : Optional.of(this.name.toString());
	}

	private static boolean isHex(String text, int index) {
		return index < text.length() && HexFormat.isHexDigit(text.charAt(index));
	}

}
