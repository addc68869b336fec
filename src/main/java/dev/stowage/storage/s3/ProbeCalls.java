package dev.stowage.storage.s3;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectStoreException;
import dev.stowage.storage.SignedRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * The calls of one {@link HeaderProbe}: as the server, as the holder of a URL, and
 * without any credential. All of them together take a bounded time. Written objects are
 * removed at the end.
 */
final class ProbeCalls implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(ProbeCalls.class);

	private static final Duration CALL = Duration.ofSeconds(5);

	private static final Duration VALIDITY = Duration.ofMinutes(1);

	/** The limit for all calls; the removal is extra. */
	private static final Duration WHOLE = Duration.ofSeconds(20);

	private static final Duration REMOVAL = Duration.ofSeconds(2);

	private static final int MOST = 64;

	private static final int NOT_FOUND = 404;

	private final S3Client s3;

	private final UrlSigner signer;

	private final String bucket;

	private final HttpClient http = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.connectTimeout(CALL)
		.build();

	private final List<ObjectKey> written = new ArrayList<>();

	private final long end = System.nanoTime() + WHOLE.toNanos();

	ProbeCalls(S3Client s3, UrlSigner signer, String bucket) {
		this.s3 = s3;
		this.signer = signer;
		this.bucket = bucket;
	}

	/** Writes as the server does. */
	void put(ObjectKey key, byte[] bytes) {
		this.written.add(key);
		try {
			this.s3.putObject((put) -> put.bucket(this.bucket).key(key.value()).overrideConfiguration(within(left())),
					RequestBody.fromBytes(bytes));
		}
		catch (SdkException ex) {
			throw failure("PutObject", ex);
		}
	}

	/** Reads the first bytes as the server does; none if there is no object. */
	Optional<byte[]> content(ObjectKey key) {
		try (InputStream body = this.s3
			.getObject((get) -> get.bucket(this.bucket).key(key.value()).overrideConfiguration(within(left())))) {
			return Optional.of(body.readNBytes(MOST));
		}
		catch (S3Exception ex) {
			if (ex.statusCode() == NOT_FOUND) {
				return Optional.empty();
			}
			throw failure("GetObject", ex);
		}
		catch (SdkException | IOException ex) {
			throw failure("GetObject", ex);
		}
	}

	/**
	 * Writes as the holder of an upload URL, with additional headers; returns the status.
	 */
	int putToUrl(ObjectKey key, byte[] bytes, Map<String, String> headers) {
		this.written.add(key);
		SignedRequest signed = this.signer.put(key, VALIDITY);
		HttpRequest.Builder request = HttpRequest.newBuilder(signed.url())
			.PUT(HttpRequest.BodyPublishers.ofByteArray(bytes));
		signed.headers().forEach(request::header);
		headers.forEach(request::header);
		return send(request);
	}

	/** Whether the object can be read without a credential. */
	boolean isPublic(ObjectKey key) {
		String signed = this.signer.put(key, VALIDITY).url().toString();
		int status = send(HttpRequest.newBuilder(URI.create(signed.substring(0, signed.indexOf('?')))));
		if (status >= 500) {
			throw new ObjectStoreException("A GET without a key answers " + status, null);
		}
		return status < 400;
	}

	/**
	 * Repeats a call whose connection broke, because a kept connection may be closed at
	 * any time.
	 */
	private int send(HttpRequest.Builder request) {
		try {
			try {
				return sendOnce(request.build());
			}
			catch (ExecutionException ex) {
				return sendOnce(request.build());
			}
		}
		catch (ExecutionException | TimeoutException ex) {
			throw failure("A request without a key", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw failure("A request without a key", ex);
		}
	}

	private int sendOnce(HttpRequest request) throws ExecutionException, TimeoutException, InterruptedException {
		return this.http.sendAsync(request, HttpResponse.BodyHandlers.discarding())
			.get(left().toMillis(), TimeUnit.MILLISECONDS)
			.statusCode();
	}

	private Duration left() {
		Duration left = Duration.ofNanos(this.end - System.nanoTime());
		if (!left.isPositive()) {
			throw new ObjectStoreException("The probe takes longer than " + WHOLE, null);
		}
		return (left.compareTo(CALL) < 0) ? left : CALL;
	}

	private static AwsRequestOverrideConfiguration within(Duration limit) {
		return AwsRequestOverrideConfiguration.builder().apiCallTimeout(limit).build();
	}

	private static ObjectStoreException failure(String what, Exception cause) {
		return new ObjectStoreException(what + " of the probe failed: " + cause, cause);
	}

	@Override
	public void close() {
		// its own close would wait for an answer that may never arrive
		this.http.shutdownNow();
		try {
			for (ObjectKey key : this.written) {
				this.s3.deleteObject(
						(delete) -> delete.bucket(this.bucket).key(key.value()).overrideConfiguration(within(REMOVAL)));
			}
		}
		catch (SdkException ex) {
			logger.warn("Could not remove {}: {}", this.written, ex.toString());
		}
	}

}
