package dev.stowage.storage.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

import dev.stowage.storage.StoreFullException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Exceptions that S3Proxy reports in S3's format. The body of the request is read first,
 * because a client that writes everything before it reads would see a broken connection.
 */
final class Refusal {

	private static final long MAX_DRAIN = 64 * 1024 * 1024;

	private static final int NOT_FOUND = 404;

	private Refusal() {
	}

	/** There is no room. */
	static RuntimeException full(InputStream body, Exception cause) {
		return refusal(body, StoreFullException.STATUS, StoreFullException.CODE,
				"The store has no room for this object. Delete files, or try again later.", cause);
	}

	/** A multipart upload is not open. */
	static RuntimeException noSuchUpload(InputStream body) {
		return refusal(body, NOT_FOUND, "NoSuchUpload", "The upload was completed or aborted, or never existed.", null);
	}

	private static RuntimeException refusal(InputStream body, int status, String code, String message,
			@Nullable Exception cause) {
		drain(body);
		return Objects.requireNonNull(S3Exception.builder()
			.statusCode(status)
			.cause(cause)
			.awsErrorDetails(AwsErrorDetails.builder().errorCode(code).errorMessage(message).build())
			.build());
	}

	private static void drain(InputStream body) {
		byte[] buffer = new byte[8 * 1024];
		try {
			long left = MAX_DRAIN;
			for (int count = 0; count >= 0 && left > 0; left -= count) {
				count = body.read(buffer);
			}
		}
		catch (IOException ex) {
			// the client has disconnected and needs no answer
		}
	}

}
