package dev.stowage.multipart;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The bytes that end a part, CRLF "--" boundary (RFC 2046, 5.1.1), searched for by
 * Boyer-Moore-Horspool. They contain only one CR, at their start, so a failed match never
 * hides another one in its middle.
 */
final class Delimiter {

	static final int MAX_PADDING = 256;

	static final String BARE_LF = "A line of the multipart body ends in LF alone. "
			+ "Boundary and header lines must end in CRLF.";

	private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

	private static final long ONES = 0x0101010101010101L;

	private static final long CRS = '\r' * ONES;

	private static final long LFS = '\n' * ONES;

	private final byte[] pattern;

	/** How far a window that ends in the byte can advance; 0 if it may be a match. */
	private final byte[] shifts = new byte[256];

	private final int shiftAfterMiss;

	Delimiter(String boundary) {
		this.pattern = ("\r\n--" + boundary).getBytes(StandardCharsets.US_ASCII);
		int last = this.pattern.length - 1;
		Arrays.fill(this.shifts, (byte) this.pattern.length);
		for (int i = 0; i < last; i++) {
			this.shifts[this.pattern[i]] = (byte) (last - i);
		}
		this.shiftAfterMiss = this.shifts[this.pattern[last]];
		this.shifts[this.pattern[last]] = 0;
	}

	int length() {
		return this.pattern.length;
	}

	/**
	 * Finds the first place of the pattern, or of a possible beginning of it right before
	 * the end; otherwise returns the end.
	 */
	int find(byte[] bytes, int from, int end) {
		int last = this.pattern.length - 1;
		int at = from + last;
		while (at < end) {
			int shift = this.shifts[bytes[at] & 0xff];
			if (shift > 0) {
				at += shift;
			}
			else if (bytes[at - last] == '\r' && Arrays.equals(bytes, at - last, at, this.pattern, 0, last)) {
				return at - last;
			}
			else {
				at += Math.max(this.shiftAfterMiss, toLineEnd(bytes, at - last + 1, at));
			}
		}
		for (int start = end - 1; start >= at - last; start--) {
			if (bytes[start] == '\r') {
				return Arrays.equals(bytes, start, end, this.pattern, 0, end - start) ? start : end;
			}
		}
		return end;
	}

	/**
	 * The least distance to the next CRLF. Without this, a boundary of one letter in a
	 * body of the same letter would be compared at every byte.
	 */
	private static int toLineEnd(byte[] bytes, int from, int to) {
		int at = from;
		while (at < to && at + Long.BYTES < bytes.length) {
			long notCr = (long) LONGS.get(bytes, at) ^ CRS;
			long notLf = (long) LONGS.get(bytes, at + 1) ^ LFS;
			long found = zeroes(notCr | notLf);
			if (found != 0) {
				at += Long.numberOfTrailingZeros(found) / Byte.SIZE;
				break;
			}
			at += Long.BYTES;
		}
		return Math.min(at, to) - from + 1;
	}

	/** The highest bit of the first byte that is zero, and none before it. */
	private static long zeroes(long bytes) {
		return (bytes - ONES) & ~bytes & (ONES << 7);
	}

	/**
	 * Decides by the bytes after the pattern what it is.
	 * @param ended whether no more bytes follow
	 */
	Meaning meaning(byte[] bytes, int from, int end, boolean ended) throws MalformedMultipartException {
		int at = from;
		boolean closing = at < end && bytes[at] == '-';
		if (closing) {
			if (at + 1 == end) {
				return Meaning.UNDECIDED;
			}
			if (bytes[at + 1] != '-') {
				return Meaning.DATA;
			}
			at += 2;
		}
		int padding = at;
		while (at < end && (bytes[at] == ' ' || bytes[at] == '\t')) {
			at++;
		}
		if (at - padding > MAX_PADDING) {
			return Meaning.DATA;
		}
		if (at == end) {
			return (closing && ended) ? Meaning.CLOSE : Meaning.UNDECIDED;
		}
		if (bytes[at] == '\n') {
			throw new MalformedMultipartException(BARE_LF);
		}
		if (bytes[at] != '\r') {
			return Meaning.DATA;
		}
		if (at + 1 == end) {
			return Meaning.UNDECIDED;
		}
		if (bytes[at + 1] != '\n') {
			return Meaning.DATA;
		}
		return closing ? Meaning.CLOSE : Meaning.NEXT;
	}

	enum Meaning {

		/** More bytes are needed to decide. */
		UNDECIDED,

		/** It only looks like a delimiter. */
		DATA,

		/** A part follows. */
		NEXT,

		/** No part follows. */
		CLOSE

	}

}
