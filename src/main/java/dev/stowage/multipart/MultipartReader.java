package dev.stowage.multipart;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Reads a multipart/form-data body (RFC 7578) part by part as it arrives. It never reads
 * past the closing boundary, unless it is asked to, and does not close the stream.
 */
public final class MultipartReader {

	static final int MAX_PARTS = 64;

	static final int MAX_HEADERS_SIZE = 8 * 1024;

	static final int MAX_PREAMBLE_SIZE = 64 * 1024;

	static final int MAX_EPILOGUE_SIZE = 64 * 1024;

	private static final int MAX_BOUNDARY_LINES_SIZE = 512;

	/** No body has more bytes than this besides its file, except in its epilogue. */
	public static final long MAX_OVERHEAD = MAX_PREAMBLE_SIZE
			+ (MAX_PARTS + 1L) * (MAX_BOUNDARY_LINES_SIZE + MAX_HEADERS_SIZE + Part.MAX_FIELD_SIZE);

	private static final Pattern BOUNDARY = Pattern
		.compile("[0-9A-Za-z'()+_,\\-./:=? ]{0,69}[0-9A-Za-z'()+_,\\-./:=?]");

	private final DelimiterScanner scanner;

	private int parts;

	private boolean failed;

	private @Nullable Body current;

	public MultipartReader(InputStream body, String boundary) {
		this.scanner = new DelimiterScanner(body, new Delimiter(boundary));
	}

	/** As many bytes as the file in a body has at least. */
	public static long leastFileSize(long bodySize) {
		return Math.max(0, bodySize - MAX_OVERHEAD - MAX_EPILOGUE_SIZE);
	}

	/**
	 * Takes the boundary from a Content-Type header.
	 */
	public static String boundary(@Nullable String contentType) throws MalformedMultipartException {
		return namedBoundary((contentType != null) ? contentType : "")
			.filter((boundary) -> BOUNDARY.matcher(boundary).matches())
			.orElseThrow(() -> new MalformedMultipartException("The Content-Type header names no valid boundary. "
					+ "Send 'multipart/form-data; boundary=...' with the boundary that the body uses: "
					+ "1 to 70 of the characters that RFC 2046 allows."));
	}

	private static Optional<String> namedBoundary(String contentType) {
		try {
			return HeaderValue.only("boundary", "Content-Type", contentType).parameter("boundary");
		}
		catch (MalformedMultipartException ex) {
			return Optional.empty();
		}
	}

	/**
	 * Moves to the next part and skips the unread rest of this one.
	 * @return the part, or empty after the closing boundary
	 */
	public Optional<Part> next() throws IOException {
		if (this.failed) {
			throw new IOException("The rest of a body that was refused is not read");
		}
		this.failed = true;
		Optional<Part> part = advance();
		this.failed = false;
		return part;
	}

	private Optional<Part> advance() throws IOException {
		this.current = null;
		if (this.parts == 0) {
			skipPreamble();
		}
		if (!this.scanner.passDelimiter()) {
			return Optional.empty();
		}
		if (this.parts == MAX_PARTS) {
			throw new MalformedMultipartException(
					"The multipart body has more than " + MAX_PARTS + " parts, which is the limit.");
		}
		byte[] block = this.scanner.headers(MAX_HEADERS_SIZE);
		PartHeaders headers = PartHeaders.parse(block);
		this.scanner.passHeaders(block.length);
		this.parts++;
		Body body = new Body();
		this.current = body;
		return Optional.of(new Part(headers.name(), headers.fileName(), headers.contentType(), headers.others(), body));
	}

	/**
	 * Reads what follows the closing boundary, to the end of the body. Only callers that
	 * need every byte of the body, such as for a digest of it, have a reason to.
	 */
	public void skipEpilogue() throws IOException {
		if (!this.scanner.skipRest(MAX_EPILOGUE_SIZE)) {
			throw new MalformedMultipartException("More than " + MAX_EPILOGUE_SIZE
					+ " bytes follow the closing boundary of the multipart body, which is the limit for a body with"
					+ " a digest.");
		}
	}

	private void skipPreamble() throws IOException {
		if (this.scanner.skip(MAX_PREAMBLE_SIZE + 1) > MAX_PREAMBLE_SIZE) {
			throw new MalformedMultipartException(
					"The first " + MAX_PREAMBLE_SIZE + " bytes of the multipart body do not contain its boundary. "
							+ "Send the boundary that the Content-Type header names.");
		}
	}

	/** The bytes of the current part. */
	private final class Body extends InputStream {

		@Override
		public int read() throws IOException {
			return scanner().read();
		}

		@Override
		public int read(byte[] bytes, int offset, int length) throws IOException {
			Objects.checkFromIndexSize(offset, length, bytes.length);
			return (length == 0) ? 0 : scanner().read(bytes, offset, length);
		}

		@Override
		public long skip(long count) throws IOException {
			return scanner().skip(count);
		}

		@Override
		public int available() throws IOException {
			return scanner().available();
		}

		private DelimiterScanner scanner() throws IOException {
			if (MultipartReader.this.current != this) {
				throw new IOException("The reader has left this part");
			}
			return MultipartReader.this.scanner;
		}

	}

}
