package dev.stowage.api.content;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

import dev.stowage.api.RequestException;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpRange;
import org.springframework.http.HttpStatus;

/**
 * A single range of bytes that a file has.
 *
 * @param first its first byte, from 0
 * @param last its last byte, inclusive
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-14">RFC 9110, section
 * 14</a>
 */
record ByteRange(long first, long last) {

	/** What more lenient readers of numbers would accept is not a range. */
	private static final Pattern RANGE = Pattern.compile("bytes=[ \\t]*([0-9]+-[0-9]*|-[0-9]+)[ \\t]*");

	private static final Pattern LEADING_ZEROS = Pattern.compile("(?<![0-9])0+(?=[0-9])");

	private static final Pattern TOO_LARGE = Pattern.compile("[0-9]{19,}");

	private static final String LARGEST = String.valueOf(Long.MAX_VALUE);

	/**
	 * Reads a {@code Range} header.
	 * @return empty if the header must be ignored: malformed, another unit, or several
	 * ranges
	 * @throws RequestException when the file has none of the bytes
	 */
	static Optional<ByteRange> parse(String header, long size) {
		String text = header.toLowerCase(Locale.ROOT);
		if (!RANGE.matcher(text).matches()) {
			return Optional.empty();
		}
		// numbers larger than any file's size are read as the largest number
		String readable = TOO_LARGE.matcher(LEADING_ZEROS.matcher(text).replaceAll("")).replaceAll(LARGEST);
		HttpRange range;
		try {
			range = HttpRange.parseRanges(readable).getFirst();
		}
		catch (IllegalArgumentException ex) {
			return Optional.empty();
		}
		long first = range.getRangeStart(size);
		if (first >= size) {
			throw new RequestException(HttpStatus.REQUESTED_RANGE_NOT_SATISFIABLE, "range_not_satisfiable", null,
					"The file has " + size + " bytes, and none in the range asked for.")
				.with(HttpHeaders.CONTENT_RANGE, "bytes */" + size);
		}
		return Optional.of(new ByteRange(first, range.getRangeEnd(size)));
	}

	long length() {
		return this.last - this.first + 1;
	}

}
