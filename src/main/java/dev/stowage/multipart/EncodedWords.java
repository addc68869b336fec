package dev.stowage.multipart;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Decodes the encoded words in a text, such as {@code =?utf-8?Q?caf=C3=A9?=}, wherever
 * they begin and end. The time is linear in the length, and the result is not longer.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc2047">RFC 2047</a>
 */
final class EncodedWords {

	/**
	 * The language is an addition of RFC 2231. Each part excludes what follows it, so no
	 * part is tried at two lengths.
	 */
	private static final Pattern WORD = Pattern.compile(
			"=\\?(?<charset>[\\w.:+-]{1,40}+)(?:\\*[\\w-]{0,40}+)?\\?(?<encoding>[QqBb])\\?(?<text>[!->@-~]*+)\\?=");

	/**
	 * Those that mail programs use. An unknown name would be looked up by each provider
	 * of charsets.
	 */
	private static final Pattern CHARSETS = Pattern.compile("utf-?8|us-ascii|iso-8859-1?[0-9]|windows-125[0-8]"
			+ "|koi8-[ru]|iso-2022-(jp|kr)|shift_jis|euc-(jp|kr)|gb2312|gbk|gb18030|big5");

	private EncodedWords() {
	}

	/**
	 * Decodes all words; one that is malformed stays as it is. Blanks between two words
	 * belong to neither.
	 */
	static String decode(String text) {
		StringBuilder decoded = new StringBuilder(text.length());
		List<Word> row = new ArrayList<>();
		Matcher matcher = WORD.matcher(text);
		int end = 0;
		while (matcher.find()) {
			Optional<Word> word = Word.of(matcher);
			if (word.isEmpty()) {
				continue;
			}
			String between = text.substring(end, matcher.start());
			if (row.isEmpty() || !between.isBlank()) {
				append(row, decoded);
				decoded.append(between);
			}
			row.add(word.get());
			end = matcher.end();
		}
		append(row, decoded);
		return decoded.append(text, end, text.length()).toString();
	}

	/** Ends a row of words that follow each other, and leaves it empty. */
	private static void append(List<Word> row, StringBuilder decoded) {
		int next = 0;
		while (next < row.size()) {
			int first = next;
			Charset charset = row.get(first).charset;
			ByteArrayOutputStream bytes = new ByteArrayOutputStream();
			while (next < row.size() && row.get(next).charset.equals(charset)) {
				bytes.writeBytes(row.get(next++).bytes);
			}
			List<Word> words = row.subList(first, next);
			// some clients cut a word inside a character
			Optional<String> joined = decode(bytes.toByteArray(), charset);
			joined.ifPresentOrElse(decoded::append, () -> words.forEach((word) -> decoded.append(word.text())));
		}
		row.clear();
	}

	/** Decodes bytes; empty if they are malformed. */
	static Optional<String> decode(byte[] bytes, Charset charset) {
		try {
			// unlike new String, a new decoder reports what it cannot read
			return Optional.of(charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
		}
		catch (CharacterCodingException ex) {
			return Optional.empty();
		}
	}

	/**
	 * The bytes of a text of ASCII in which an escape and two hexadecimal digits stand
	 * for a byte; empty if an escape is malformed.
	 */
	static Optional<byte[]> unescaped(String text, char escape) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			if (c != escape) {
				bytes.write(c);
			}
			else if (i + 2 < text.length() && HexFormat.isHexDigit(text.charAt(i + 1))
					&& HexFormat.isHexDigit(text.charAt(i + 2))) {
				bytes.write(HexFormat.fromHexDigits(text, i + 1, i + 3));
				i += 2;
			}
			else {
				return Optional.empty();
			}
		}
		return Optional.of(bytes.toByteArray());
	}

	/** Finds a charset that clients may use; UTF-8 if they name none. */
	static Optional<Charset> charset(String name) {
		String known = name.toLowerCase(Locale.ROOT);
		if (known.isEmpty()) {
			return Optional.of(StandardCharsets.UTF_8);
		}
		return (CHARSETS.matcher(known).matches() && Charset.isSupported(known)) ? Optional.of(Charset.forName(known))
				: Optional.empty();
	}

	private static final class Word {

		private final String written;

		private final Charset charset;

		private final byte[] bytes;

		private Word(String written, Charset charset, byte[] bytes) {
			this.written = written;
			this.charset = charset;
			this.bytes = bytes;
		}

		private static Optional<Word> of(Matcher matcher) {
			Optional<Charset> charset = EncodedWords.charset(matcher.group("charset"));
			String text = matcher.group("text");
			Optional<byte[]> bytes = matcher.group("encoding").equalsIgnoreCase("B") ? base64(text)
					: unescaped(text.replace('_', ' '), '=');
			if (charset.isEmpty() || bytes.isEmpty()) {
				return Optional.empty();
			}
			return Optional.of(new Word(matcher.group(), charset.get(), bytes.get()));
		}

		private static Optional<byte[]> base64(String text) {
			try {
				return Optional.of(Base64.getDecoder().decode(text));
			}
			catch (IllegalArgumentException ex) {
				return Optional.empty();
			}
		}

		private String text() {
			return decode(this.bytes, this.charset).orElse(this.written);
		}

	}

}
