package dev.stowage.api.content;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

import dev.stowage.api.PathId;
import dev.stowage.api.RequestException;
import dev.stowage.file.FileException;
import dev.stowage.file.Files;
import dev.stowage.file.StoredFile;
import dev.stowage.http.BrokenAnswerException;
import dev.stowage.http.HttpProperties;
import dev.stowage.http.KeyHeaders;
import dev.stowage.http.overload.Readers;
import dev.stowage.owner.Owner;
import dev.stowage.storage.ObjectStoreException;
import dev.stowage.storage.SignedRequest;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** Sends a file's bytes, whole or in part, or signs a link to them. */
@Component
public class FileContent {

	private static final Logger logger = LoggerFactory.getLogger(FileContent.class);

	private static final int BUFFER_SIZE = 32 * 1024;

	/** How long the link of a redirect is valid. */
	private static final Duration REDIRECT = Duration.ofMinutes(10);

	private final Files files;

	private final Readers readers;

	private final boolean redirect;

	private final Counter sent;

	FileContent(Files files, Readers readers, HttpProperties properties, MeterRegistry meters) {
		this.files = files;
		this.readers = readers;
		this.redirect = properties.contentRedirect();
		this.sent = Counter.builder("stowage.sent")
			.baseUnit("bytes")
			.description("Bytes of files that clients took through this server")
			.register(meters);
	}

	/**
	 * Finds a file that has content.
	 * @throws FileException if there is none
	 * @throws RequestException if the request has a condition that the file does not meet
	 */
	public StoredFile find(Owner owner, String id, HttpServletRequest request) {
		StoredFile file = this.files.getAvailable(owner, PathId.parse(id));
		if (Preconditions.isFailed(request, etag(file))) {
			throw new RequestException(HttpStatus.PRECONDITION_FAILED, "precondition_failed", null,
					"If-Match does not name the ETag of the file's content.");
		}
		return file;
	}

	/**
	 * A link to the whole file in the store, as an attachment of the file's own type. It
	 * ends with the file at the latest.
	 */
	public SignedRequest link(StoredFile file, Duration validity) {
		return link(file, validity, file.contentType());
	}

	private SignedRequest link(StoredFile file, Duration validity, String contentType) {
		return this.files.link(file, validity, contentType, attachment(file));
	}

	/**
	 * Answers a request with what it asks for: all bytes, a range, headers alone, that
	 * nothing has changed, or a redirect to the store if the server is set up so.
	 * @param contentType what the answer calls the bytes
	 */
	public void send(StoredFile file, String contentType, HttpServletRequest request, HttpServletResponse response)
			throws IOException {
		String etag = etag(file);
		if (Preconditions.isNotModified(request, etag)) {
			setValidator(response, etag);
			response.setStatus(HttpStatus.NOT_MODIFIED.value());
			return;
		}
		Optional<ByteRange> range = range(file, request, etag);
		if (this.redirect && isForTheStore(request, range)) {
			redirect(file, contentType, response);
			return;
		}
		Bytes sent = new Bytes(file, contentType, range.orElse(new ByteRange(0, file.bytes() - 1)), range.isPresent());
		if (request.getMethod().equals("HEAD")) {
			this.files.requireContent(file);
			sent.describe(response, etag);
			return;
		}
		Readers.Place place = this.readers.admit(file.owner(), request);
		try {
			if (!stream(sent, etag, response)) {
				BrokenAnswerException.note(request);
			}
		}
		finally {
			place.leave();
		}
	}

	/** The bytes of an id never change. */
	private static String etag(StoredFile file) {
		return '"' + file.id().value() + '"';
	}

	/**
	 * Whether the store would answer like this server. It refuses a {@code HEAD} of a URL
	 * that is signed for a {@code GET}, does not know the ETag that a condition names,
	 * and may refuse a range that is ignored here. Clients that are redirected send a key
	 * that is not in {@code Authorization} to the store, too.
	 */
	private static boolean isForTheStore(HttpServletRequest request, Optional<ByteRange> range) {
		return request.getMethod().equals("GET") && request.getHeader(HttpHeaders.IF_MATCH) == null
				&& request.getHeader(HttpHeaders.IF_RANGE) == null && !KeyHeaders.areIn(request)
				&& (request.getHeader(HttpHeaders.RANGE) == null || range.isPresent());
	}

	private void redirect(StoredFile file, String contentType, HttpServletResponse response) {
		SignedRequest link = link(file, REDIRECT, contentType);
		response.setStatus(HttpStatus.FOUND.value());
		response.setHeader(HttpHeaders.LOCATION, link.url().toString());
		// the URL ends soon, and reading the file needs nothing but the URL
		response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
	}

	/** Returns false if the client has disconnected. */
	private boolean stream(Bytes sent, String etag, HttpServletResponse response) throws IOException {
		ByteRange range = sent.range();
		byte[] buffer = new byte[(int) Math.min(BUFFER_SIZE, range.length())];
		try (InputStream bytes = this.files.open(sent.file(), range.first(), range.length())) {
			// a store that fails here is a 503, so no header of the file may be set
			// before
			int count = bytes.read(buffer);
			sent.describe(response, etag);
			while (count >= 0) {
				if (!write(buffer, count, response)) {
					return false;
				}
				count = readOn(bytes, buffer);
			}
			return true;
		}
	}

	private static void setValidator(HttpServletResponse response, String etag) {
		response.setHeader(HttpHeaders.ETAG, etag);
		response.setHeader(HttpHeaders.CACHE_CONTROL, "private, no-cache");
	}

	private static String attachment(StoredFile file) {
		return ContentDisposition.attachment().filename(file.name().value(), StandardCharsets.UTF_8).build().toString();
	}

	private boolean write(byte[] buffer, int count, HttpServletResponse response) {
		try {
			response.getOutputStream().write(buffer, 0, count);
			this.sent.increment(count);
			return true;
		}
		catch (IOException ex) {
			logger.debug("The client disconnected: {}", ex.toString());
			return false;
		}
	}

	/**
	 * An answer that cannot be finished is aborted, so that no client takes it for
	 * complete.
	 */
	private static int readOn(InputStream bytes, byte[] buffer) throws IOException {
		try {
			return bytes.read(buffer);
		}
		catch (ObjectStoreException | FileException ex) {
			logger.warn("A download was aborted: {}", ex.getMessage());
			throw new BrokenAnswerException("The rest of the answer cannot be read", ex);
		}
	}

	/**
	 * A range applies to {@code GET} only, and with {@code If-Range} only to the bytes
	 * that it names.
	 */
	private static Optional<ByteRange> range(StoredFile file, HttpServletRequest request, String etag) {
		String header = request.getHeader(HttpHeaders.RANGE);
		String onlyIf = request.getHeader(HttpHeaders.IF_RANGE);
		if (header == null || !request.getMethod().equals("GET") || (onlyIf != null && !onlyIf.equals(etag))) {
			return Optional.empty();
		}
		return ByteRange.parse(header, file.bytes());
	}

	/**
	 * What an answer has of a file.
	 *
	 * @param partial whether a range was asked for
	 */
	private record Bytes(StoredFile file, String type, ByteRange range, boolean partial) {

		private void describe(HttpServletResponse response, String etag) {
			setValidator(response, etag);
			if (this.partial) {
				response.setStatus(HttpStatus.PARTIAL_CONTENT.value());
				response.setHeader(HttpHeaders.CONTENT_RANGE,
						"bytes " + this.range.first() + "-" + this.range.last() + "/" + this.file.bytes());
			}
			response.setHeader(HttpHeaders.ACCEPT_RANGES, "bytes");
			response.setContentType(this.type);
			response.setContentLengthLong(this.range.length());
			response.setHeader(HttpHeaders.CONTENT_DISPOSITION, attachment(this.file));
		}

	}

}
