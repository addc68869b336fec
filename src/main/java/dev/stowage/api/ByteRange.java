package dev.stowage.api;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A single range of bytes that a file has.
 *
 * @param first its first byte, from 0
 * @param last its last byte, inclusive
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-14">RFC 9110, section
 * 14</a>
 */
record ByteRange(long first, long last) {

	private static final Pattern SINGLE = Pattern.compile("bytes=[ \t]*([0-9]*)-([0-9]*)[ \t]*",
			Pattern.CASE_INSENSITIVE);

	/**
	 * Reads a {@code Range} header.
	 * @return empty if the header must be ignored: malformed, another unit, or several
	 * ranges
	 * @throws RangeNotSatisfiableException when the file has none of the bytes
	 */
	static Optional<ByteRange> parse(String header, long size) {
		Matcher matcher = SINGLE.matcher(header);
		if (!matcher.matches()) {
			return Optional.empty();
		}
		String from = matcher.group(1);
		String to = matcher.group(2);
		if (from.isEmpty() && to.isEmpty()) {
			return Optional.empty();
		}
		if (from.isEmpty()) {
			return Optional.of(suffix(number(to), size));
		}
		long first = number(from);
		long last = to.isEmpty() ? Long.MAX_VALUE : number(to);
		if (last < first) {
			return Optional.empty();
		}
		if (first >= size) {
			throw new RangeNotSatisfiableException(size);
		}
		return Optional.of(new ByteRange(first, Math.min(last, size - 1)));
	}

	private static ByteRange suffix(long length, long size) {
		if (length == 0) {
			throw new RangeNotSatisfiableException(size);
		}
		return new ByteRange(Math.max(0, size - length), size - 1);
	}

	/** Numbers larger than any file's size are read as the largest number. */
	private static long number(String digits) {
		try {
			return Long.parseLong(digits);
		}
		catch (NumberFormatException ex) {
			return Long.MAX_VALUE;
		}
	}

	long length() {
		return this.last - this.first + 1;
	}

}
