package dev.stowage.multipart;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

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
		List<Piece> pieces = Piece.of(disposition);
		return extended.flatMap(FileNameParameter::extended)
			.or(() -> continued(pieces))
			.or(() -> disposition.parameter(NAME).map(FileNameParameter::plain))
			.or(() -> extended)
			.or(() -> Optional.of(written(pieces)).filter((text) -> !pieces.isEmpty()));
	}

	private static String plain(String value) {
		return EncodedWords.decode(HeaderValue.decodeForm(value));
	}

	private static Optional<String> extended(String value) {
		FileNameParameter decoded = new FileNameParameter();
		decoded.addFirst(value);
		return decoded.text();
	}

	private static Optional<String> continued(List<Piece> pieces) {
		if (pieces.isEmpty()) {
			return Optional.empty();
		}
		if (pieces.stream().noneMatch(Piece::encoded)) {
			return Optional.of(plain(written(pieces)));
		}
		FileNameParameter decoded = new FileNameParameter();
		for (int number = 0; number < pieces.size(); number++) {
			Piece piece = pieces.get(number);
			if (!piece.encoded()) {
				decoded.add(piece.text());
			}
			else if (number == 0) {
				decoded.addFirst(piece.text());
			}
			else {
				decoded.addEncoded(piece.text());
			}
		}
		return decoded.text();
	}

	private static String written(List<Piece> pieces) {
		return pieces.stream().map(Piece::text).collect(Collectors.joining());
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
		Optional.of(encoded)
			.filter((text) -> text.chars().allMatch((c) -> c > ' ' && c <= '~'))
			.flatMap((text) -> EncodedWords.unescaped(text, '%'))
			.ifPresentOrElse(this.bytes::writeBytes, () -> this.malformed = true);
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

	/** One of the parameters that hold the name together. */
	private record Piece(String text, boolean encoded) {

		/** The pieces up to the first number that is missing. */
		private static List<Piece> of(HeaderValue disposition) {
			List<Piece> pieces = new ArrayList<>();
			Optional<Piece> next = of(disposition, 0);
			while (next.isPresent()) {
				pieces.add(next.get());
				next = of(disposition, pieces.size());
			}
			return pieces;
		}

		private static Optional<Piece> of(HeaderValue disposition, int number) {
			String name = NAME + "*" + number;
			return disposition.parameter(name + "*")
				.map((text) -> new Piece(text, true))
				.or(() -> disposition.parameter(name).map((text) -> new Piece(text, false)));
		}

	}

}
