package dev.stowage.storage.s3;

import java.io.InputStream;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.stowage.storage.ObjectDamagedException;
import dev.stowage.storage.ObjectInfo;
import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectRange;
import dev.stowage.storage.ObjectReplacedException;
import dev.stowage.storage.s3.parts.S3Timeouts;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * The S3 calls that fetch bytes. An answer that is too short is a failure; otherwise it
 * would pass for a complete one.
 *
 * @param pause as in {@link S3Timeouts}
 */
record ReadCalls(S3Client s3, String bucket, Duration pause) {

	private static final int NOT_FOUND = 404;

	private static final int PRECONDITION_FAILED = 412;

	private static final int RANGE_NOT_SATISFIABLE = 416;

	/** Contains the size of the whole object, if the engine sends it. */
	private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-\\d+/(\\d{1,18})");

	/**
	 * Opens a range of an object.
	 * @throws ObjectDamagedException when the whole object has another size
	 */
	InputStream open(ObjectKey key, long size, long offset, long length) {
		Extent extent = new Extent(key, size, offset, length);
		try {
			return stream(extent, get(extent, (request) -> request.range(extent.header())));
		}
		catch (S3Exception ex) {
			if (ex.statusCode() == RANGE_NOT_SATISFIABLE) {
				throw new ObjectDamagedException(key, "fewer than " + size + " bytes");
			}
			throw ex;
		}
	}

	/** Opens exactly the bytes that were found. */
	InputStream open(ObjectInfo object) {
		Extent whole = new Extent(object.key(), object.size(), 0, object.size());
		return stream(whole, get(whole, (request) -> request.ifMatch(object.etag())));
	}

	/**
	 * Opens a range of exactly the bytes that have its tag, if it names one.
	 * @throws ObjectReplacedException when the object has another tag
	 * @throws ObjectDamagedException when an object without a known tag has another size
	 */
	InputStream open(ObjectRange range) {
		if (range.etag().isEmpty()) {
			return open(range.key(), range.size(), range.offset(), range.length());
		}
		Extent extent = new Extent(range.key(), range.size(), range.offset(), range.length());
		return stream(extent, rest(extent, '"' + range.etag().get() + '"'));
	}

	private S3Stream stream(Extent extent, ResponseInputStream<GetObjectResponse> body) {
		String tag = body.response().eTag();
		return new S3Stream(extent.key(), extent.length(), body, (position) -> rest(extent.from(position), tag),
				this.pause);
	}

	/**
	 * Opens what is left of an object.
	 * @param tag what the store called the bytes that were read before
	 */
	private ResponseInputStream<GetObjectResponse> rest(Extent extent, @Nullable String tag) {
		try {
			ResponseInputStream<GetObjectResponse> body = get(extent,
					(request) -> request.range(extent.header()).ifMatch(tag));
			// not every engine obeys the condition
			if (tag != null && !tag.equals(body.response().eTag())) {
				body.abort();
				throw new ObjectReplacedException(extent.key());
			}
			return body;
		}
		catch (ObjectDamagedException ex) {
			throw new ObjectReplacedException(extent.key());
		}
		catch (NoSuchBucketException ex) {
			throw ex;
		}
		catch (S3Exception ex) {
			boolean replaced = switch (ex.statusCode()) {
				case NOT_FOUND, PRECONDITION_FAILED, RANGE_NOT_SATISFIABLE -> true;
				default -> false;
			};
			if (replaced) {
				throw new ObjectReplacedException(extent.key());
			}
			throw ex;
		}
	}

	private ResponseInputStream<GetObjectResponse> get(Extent extent, Consumer<GetObjectRequest.Builder> which) {
		GetObjectRequest request = GetObjectRequest.builder()
			.bucket(this.bucket)
			.key(extent.key().value())
			.applyMutation(which)
			.build();
		ResponseInputStream<GetObjectResponse> body = this.s3.getObject(request);
		try {
			extent.requireIn(body.response());
			return body;
		}
		catch (RuntimeException ex) {
			body.abort();
			throw ex;
		}
	}

	/**
	 * Bytes of an object.
	 *
	 * @param size how many the whole object must have
	 */
	private record Extent(ObjectKey key, long size, long offset, long length) {

		private Extent from(long position) {
			return new Extent(this.key, this.size, this.offset + position, this.length - position);
		}

		private String header() {
			return "bytes=" + this.offset + "-" + (this.offset + this.length - 1);
		}

		private void requireIn(GetObjectResponse answer) {
			Matcher range = CONTENT_RANGE.matcher((answer.contentRange() != null) ? answer.contentRange() : "");
			if (range.matches()) {
				long found = Long.parseLong(range.group(2));
				if (found != this.size) {
					throw new ObjectDamagedException(this.key, found + " bytes, not " + this.size);
				}
			}
			if (!Long.valueOf(this.length).equals(answer.contentLength())
					|| (range.matches() && Long.parseLong(range.group(1)) != this.offset)) {
				throw new IllegalStateException("The answer has " + answer.contentLength() + " bytes ("
						+ answer.contentRange() + "), not " + this.length + " from " + this.offset);
			}
		}

	}

}
