package dev.stowage.storage.s3;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectStoreException;
import dev.stowage.storage.SignedRequest;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.presigner.PresignedRequest;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/**
 * Signs URLs of one bucket's objects, without a call to the store. A signature covers the
 * method, the path, the query and the host, and no other header than those of encryption
 * and, if it is given, the length: a client may send any other header with it, so the
 * store's treatment of them matters (see {@link HeaderProbe}).
 * <p>
 * A URL that temporary credentials signed expires with them, and its validity reflects
 * this.
 */
final class UrlSigner {

	private final S3Presigner presigner;

	private final S3Connection connection;

	UrlSigner(S3Presigner presigner, S3Connection connection) {
		this.presigner = presigner;
		this.connection = connection;
	}

	SignedRequest put(ObjectKey key, Duration validity) {
		return put(key, validity, (any) -> {
		});
	}

	/** The store refuses a body of another length. */
	SignedRequest put(ObjectKey key, Duration validity, long length) {
		return put(key, validity, (put) -> put.contentLength(length));
	}

	private SignedRequest put(ObjectKey key, Duration validity, Consumer<PutObjectRequest.Builder> body) {
		AwsCredentials credentials = resolve(
				this.connection.uploadCredentials().orElseGet(this.connection::credentials));
		return signed("PUT", validity, credentials,
				this.presigner.presignPutObject((presign) -> presign.signatureDuration(validity)
					.putObjectRequest((put) -> put.bucket(this.connection.bucket())
						.key(key.value())
						.applyMutation(body)
						.overrideConfiguration((sign) -> {
							sign.credentialsProvider(only(credentials));
							this.connection.encryption()
								.ifPresent((encryption) -> encryption.headers().forEach(sign::putHeader));
						}))));
	}

	SignedRequest get(ObjectKey key, Duration validity, String contentType, String contentDisposition) {
		AwsCredentials credentials = resolve(this.connection.credentials());
		return signed("GET", validity, credentials,
				this.presigner.presignGetObject((presign) -> presign.signatureDuration(validity)
					.getObjectRequest((get) -> get.bucket(this.connection.bucket())
						.key(key.value())
						.responseContentType(contentType)
						.responseContentDisposition(contentDisposition)
						.overrideConfiguration((sign) -> sign.credentialsProvider(only(credentials))))));
	}

	private static AwsCredentials resolve(AwsCredentialsProvider provider) {
		try {
			return provider.resolveCredentials();
		}
		catch (SdkException ex) {
			throw new ObjectStoreException("No credentials to sign with: " + ex, ex);
		}
	}

	private static AwsCredentialsProvider only(AwsCredentials credentials) {
		return StaticCredentialsProvider.create(credentials);
	}

	private static SignedRequest signed(String method, Duration validity, AwsCredentials credentials,
			PresignedRequest request) {
		Instant end = credentials.expirationTime()
			.filter((expiry) -> expiry.isBefore(request.expiration()))
			.orElse(request.expiration());
		Duration real = Duration.between(request.expiration().minus(validity), end);
		if (real.toSeconds() < 1) {
			throw new ObjectStoreException("The credentials to sign with have expired", null);
		}
		return new SignedRequest(method, uri(request), Duration.ofSeconds(real.toSeconds()), headers(request));
	}

	/** Clients send the host and the length anyway. */
	private static Map<String, String> headers(PresignedRequest request) {
		Map<String, String> headers = new HashMap<>();
		request.signedHeaders().forEach((name, values) -> {
			if (!name.equalsIgnoreCase("host") && !name.equalsIgnoreCase("content-length")) {
				headers.put(name, String.join(",", values));
			}
		});
		return headers;
	}

	private static URI uri(PresignedRequest request) {
		try {
			return request.url().toURI();
		}
		catch (URISyntaxException ex) {
			throw new IllegalStateException("The SDK signed what is not a URI", ex);
		}
	}

}
