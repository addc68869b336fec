package dev.stowage.storage.s3;

import java.io.InputStream;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.stowage.storage.ObjectDamagedException;
import dev.stowage.storage.ObjectInfo;
import dev.stowage.storage.ObjectKey;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * The S3 calls that fetch bytes. An answer that is too short is a failure; otherwise it
 * would pass for a complete one.
 */
record ReadCalls(S3Client s3, String bucket) {

	private static final int RANGE_NOT_SATISFIABLE = 416;

	/** Contains the size of the whole object, if the engine sends it. */
	private static final Pattern CONTENT_RANGE = Pattern.compile("bytes \\d+-\\d+/(\\d{1,18})");

	/**
	 * Opens a range of an object.
	 * @throws ObjectDamagedException when the whole object has another size
	 */
	InputStream open(ObjectKey key, long size, long offset, long length) {
		try {
			return open(key, length, (request) -> request.range("bytes=" + offset + "-" + (offset + length - 1)),
					(found) -> {
						if (found != size) {
							throw new ObjectDamagedException(key, found + " bytes, not " + size);
						}
					});
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
		return open(object.key(), object.size(), (request) -> request.ifMatch(object.etag()), (found) -> {
			// the tag identifies them
		});
	}

	private InputStream open(ObjectKey key, long length, Consumer<GetObjectRequest.Builder> which,
			LongConsumer sizeCheck) {
		GetObjectRequest request = GetObjectRequest.builder()
			.bucket(this.bucket)
			.key(key.value())
			.applyMutation(which)
			.build();
		ResponseInputStream<GetObjectResponse> body = this.s3.getObject(request);
		try {
			requireLength(body.response(), length, sizeCheck);
		}
		catch (RuntimeException ex) {
			body.abort();
			throw ex;
		}
		return new S3Stream(body, key);
	}

	private static void requireLength(GetObjectResponse answer, long length, LongConsumer sizeCheck) {
		Matcher range = CONTENT_RANGE.matcher((answer.contentRange() != null) ? answer.contentRange() : "");
		if (range.matches()) {
			sizeCheck.accept(Long.parseLong(range.group(1)));
		}
		if (!Long.valueOf(length).equals(answer.contentLength())) {
			throw new IllegalStateException("The answer has " + answer.contentLength() + " bytes, not " + length);
		}
	}

}
