package dev.stowage.multipart;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Returns the data between the delimiters of a multipart body, as soon as it is known to
 * be data.
 */
final class DelimiterScanner {

	/** As much as Tomcat returns in one read, after the beginning of a delimiter. */
	static final int BUFFER = 9 * 1024;

	private final InputStream in;

	private final Delimiter delimiter;

	private final byte[] buffer = new byte[BUFFER];

	/** The first byte that was not returned yet. */
	private int position;

	/** The end of the bytes, from position on, that are known to be data. */
	private int known;

	/** Where a delimiter may begin: before position, while it may share a CRLF. */
	private int search;

	/** The end of what has arrived. */
	private int limit;

	private boolean ended;

	/** What begins at known; also undecided if no delimiter was found. */
	private Delimiter.Meaning meaning = Delimiter.Meaning.UNDECIDED;

	DelimiterScanner(InputStream in, Delimiter delimiter) {
		this.in = in;
		this.delimiter = delimiter;
		// A delimiter at the start of the body needs no CRLF of its own, so it gets one
		// here
		this.buffer[0] = '\r';
		this.buffer[1] = '\n';
		this.limit = 2;
		startData(2);
	}

	/**
	 * Skips the data and the delimiter after it.
	 * @return false if that is the closing delimiter; then always false
	 */
	boolean passDelimiter() throws IOException {
		while (advance()) {
			this.position = this.known;
		}
		if (this.meaning == Delimiter.Meaning.CLOSE) {
			return false;
		}
		this.position = this.search + this.delimiter.length();
		while (this.buffer[this.position - 1] != '\n') {
			this.position++;
		}
		this.known = this.position;
		this.search = this.position;
		return true;
	}

	/**
	 * Waits for the header lines after a delimiter and for the blank line that ends them.
	 * @return the lines, which passHeaders will skip
	 */
	byte[] headers(int max) throws IOException {
		int line = 0;
		int size = 0;
		while (size < max + 2) {
			if (this.position + size == this.limit) {
				fill();
				continue;
			}
			if (this.buffer[this.position + size++] != '\n') {
				continue;
			}
			if (size < line + 2 || this.buffer[this.position + size - 2] != '\r') {
				throw new MalformedMultipartException(Delimiter.BARE_LF);
			}
			if (size == line + 2) {
				return Arrays.copyOfRange(this.buffer, this.position, this.position + line);
			}
			line = size;
		}
		throw new MalformedMultipartException(
				"The headers of a part are larger than " + max + " bytes, which is the limit.");
	}

	/**
	 * Begins the data. When there is none, the blank line that ends the headers may be
	 * the CRLF of the delimiter as well.
	 */
	void passHeaders(int size) {
		startData(this.position + size + 2);
	}

	int read() throws IOException {
		return advance() ? this.buffer[this.position++] & 0xff : -1;
	}

	int read(byte[] bytes, int offset, int length) throws IOException {
		if (!advance()) {
			return -1;
		}
		int count = Math.min(length, this.known - this.position);
		System.arraycopy(this.buffer, this.position, bytes, offset, count);
		this.position += count;
		return count;
	}

	long skip(long count) throws IOException {
		long skipped = 0;
		while (skipped < count && advance()) {
			int step = (int) Math.min(count - skipped, this.known - this.position);
			this.position += step;
			skipped += step;
		}
		return skipped;
	}

	int available() throws IOException {
		if (this.position == this.known && this.meaning == Delimiter.Meaning.UNDECIDED) {
			scan();
		}
		return this.known - this.position;
	}

	/**
	 * Skips what follows the closing delimiter.
	 * @return false when it has more bytes than that
	 */
	boolean skipRest(int max) throws IOException {
		int skipped = this.limit - Math.min(this.limit, this.search + this.delimiter.length() + 2);
		while (!this.ended && skipped <= max) {
			int count = this.in.read(this.buffer);
			this.ended = count < 0;
			skipped += Math.max(count, 0);
		}
		return skipped <= max;
	}

	private void startData(int start) {
		this.position = start;
		this.known = start;
		this.search = start - 2;
		this.meaning = Delimiter.Meaning.UNDECIDED;
	}

	/**
	 * Makes at least one byte of data available.
	 * @return false at a delimiter
	 */
	private boolean advance() throws IOException {
		while (this.position == this.known) {
			if (this.meaning != Delimiter.Meaning.UNDECIDED) {
				return false;
			}
			scan();
			if (this.position == this.known && this.meaning == Delimiter.Meaning.UNDECIDED) {
				fill();
			}
		}
		return true;
	}

	private void scan() throws MalformedMultipartException {
		int length = this.delimiter.length();
		int at = this.delimiter.find(this.buffer, this.search, this.limit);
		while (at + length <= this.limit) {
			Delimiter.Meaning found = this.delimiter.meaning(this.buffer, at + length, this.limit, this.ended);
			if (found != Delimiter.Meaning.DATA) {
				this.meaning = found;
				break;
			}
			at = this.delimiter.find(this.buffer, at + length, this.limit);
		}
		this.search = at;
		this.known = Math.max(this.position, at);
	}

	/**
	 * Reads once. There is always room, because all known data was returned before.
	 */
	private void fill() throws IOException {
		if (this.ended) {
			throw new MalformedMultipartException("The multipart body ended before its closing boundary. "
					+ "It must end with CRLF, '--', the boundary of its Content-Type, and '--'.");
		}
		int keep = Math.min(this.position, this.search);
		this.limit -= keep;
		System.arraycopy(this.buffer, keep, this.buffer, 0, this.limit);
		this.position -= keep;
		this.known -= keep;
		this.search -= keep;
		int count = this.in.read(this.buffer, this.limit, this.buffer.length - this.limit);
		this.ended = count < 0;
		this.limit += Math.max(count, 0);
	}

}
