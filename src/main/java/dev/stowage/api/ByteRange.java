package dev.stowage.api;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

import org.springframework.http.HttpRange;

/**
 * A single range of bytes that a file has.
 *
 * @param first its first byte, from 0
 * @param last its last byte, inclusive
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-14">RFC 9110, section
 * 14</a>
 */
record ByteRange(long first, long last) {

	private static final Pattern TOO_LARGE = Pattern.compile("[0-9]{19,}");

	private static final String LARGEST = String.valueOf(Long.MAX_VALUE);

	/**
	 * Reads a {@code Range} header.
	 * @return empty if the header must be ignored: malformed, another unit, or several
	 * ranges
	 * @throws NotSatisfiableException when the file has none of the bytes
	 */
	static Optional<ByteRange> parse(String header, long size) {
		List<HttpRange> ranges = ranges(header);
		if (ranges.size() != 1) {
			return Optional.empty();
		}
		long first = ranges.getFirst().getRangeStart(size);
		if (first >= size) {
			throw new NotSatisfiableException(size);
		}
		return Optional.of(new ByteRange(first, ranges.getFirst().getRangeEnd(size)));
	}

	private static List<HttpRange> ranges(String header) {
		// numbers larger than any file's size are read as the largest number
		String readable = TOO_LARGE.matcher(header.toLowerCase(Locale.ROOT)).replaceAll(LARGEST);
		try {
			return HttpRange.parseRanges(readable);
		}
		catch (IllegalArgumentException ex) {
			return List.of();
		}
	}

	long length() {
		return this.last - this.first + 1;
	}

	/** The range asks for bytes that a file does not have. */
	static final class NotSatisfiableException extends RuntimeException {

		private final long size;

		private NotSatisfiableException(long size) {
			super("The file has " + size + " bytes, and none in the range asked for.");
			this.size = size;
		}

		/** How many bytes the file has. */
		long size() {
			return this.size;
		}

	}

}
