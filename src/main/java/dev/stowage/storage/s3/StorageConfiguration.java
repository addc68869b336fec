package dev.stowage.storage.s3;

import java.net.URI;
import java.util.Map;
import java.util.Optional;

import dev.stowage.memory.UploadMemory;
import dev.stowage.storage.ObjectStore;
import dev.stowage.storage.ObjectStoreException;
import dev.stowage.storage.StorageProperties.Encryption;
import dev.stowage.storage.StorageStartException;
import dev.stowage.storage.s3.parts.S3Timeouts;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.observation.ObservationRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Configures the client of the object store, for any engine. */
@Configuration(proxyBeanMethods = false)
class StorageConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(StorageConfiguration.class);

	@Bean
	S3Timeouts timeouts() {
		return S3Timeouts.USUAL;
	}

	@Bean
	S3Client s3Client(S3Connection connection, S3Timeouts timeouts, ObservationRegistry observations) {
		return S3Client.builder()
			.httpClientBuilder((defaults) -> new S3HttpClient())
			.region(connection.region())
			.credentialsProvider(connection.credentials())
			.overrideConfiguration((calls) -> {
				timeouts.limit(calls);
				calls.addExecutionInterceptor(new StoreCalls(observations));
				connection.encryption().map(Encrypting::new).ifPresent(calls::addExecutionInterceptor);
			})
			.requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
			.responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
			.serviceConfiguration(serviceConfiguration(connection))
			.applyMutation((builder) -> {
				connection.endpoint().ifPresent(builder::endpointOverride);
				if (!connection.signPayload()) {
					builder.putAuthScheme(new UnsignedPayload());
				}
			})
			.build();
	}

	@Bean
	S3Presigner s3Presigner(S3Connection connection, S3Client client) {
		return presigner(connection, client, connection.publicEndpoint().or(connection::endpoint));
	}

	private static S3Presigner presigner(S3Connection connection, S3Client client, Optional<URI> endpoint) {
		S3Presigner.Builder builder = S3Presigner.builder()
			.s3Client(client)
			.region(connection.region())
			.credentialsProvider(connection.credentials())
			.serviceConfiguration(serviceConfiguration(connection));
		endpoint.ifPresent(builder::endpointOverride);
		return builder.build();
	}

	/** The gate probes the endpoint that this server calls, not the public one. */
	@Bean
	UploadGate uploadGate(S3Connection connection, S3Client client) {
		return new UploadGate(headerProbe(connection, client), connection.uploadCredentials().isPresent());
	}

	static HeaderProbe headerProbe(S3Connection connection, S3Client client) {
		UrlSigner signer = new UrlSigner(presigner(connection, client, connection.endpoint()), connection);
		return new HeaderProbe(client, signer, connection.bucket());
	}

	private static S3Configuration serviceConfiguration(S3Connection connection) {
		return S3Configuration.builder()
			.pathStyleAccessEnabled(connection.pathStyle())
			.chunkedEncodingEnabled(false)
			.build();
	}

	@Bean
	UploadMemory uploadMemory() {
		return UploadMemory.forThisHeap();
	}

	@Bean
	MeterBinder uploadMemoryMeters(UploadMemory memory) {
		return (meters) -> {
			Gauge.builder("stowage.upload.memory", memory, (it) -> (double) it.capacity() * UploadMemory.CHUNK_SIZE)
				.baseUnit("bytes")
				.description("Bytes of memory that all uploads together may hold")
				.register(meters);
			Gauge
				.builder("stowage.upload.memory.free", memory,
						(it) -> (double) it.available() * UploadMemory.CHUNK_SIZE)
				.baseUnit("bytes")
				.description("Bytes of this memory that no upload holds")
				.register(meters);
			Gauge.builder("stowage.upload.memory.waiting", memory, UploadMemory::waiting)
				.description("Uploads that wait for this memory")
				.register(meters);
		};
	}

	@Bean
	ObjectStore objectStore(S3Connection connection, S3Client client, S3Presigner presigner, UploadGate uploads,
			UploadMemory memory, S3Timeouts timeouts) {
		S3ObjectStore store = new S3ObjectStore(client, new UrlSigner(presigner, connection), uploads,
				connection.bucket(), memory, timeouts);
		if (isThere(store, connection)) {
			uploads.tryToOpen();
		}
		return store;
	}

	/**
	 * A store that refuses the server is a configuration error; an unreachable one may
	 * recover.
	 */
	private static boolean isThere(ObjectStore store, S3Connection connection) {
		try {
			store.ping();
			return true;
		}
		catch (ObjectStoreException ex) {
			Optional<StorageStartException> refusal = refusal(connection, ex);
			if (refusal.isPresent()) {
				throw refusal.get();
			}
			logger.warn("The object store does not answer yet; uploads get 503 until it does: {}", ex.getMessage());
			return false;
		}
	}

	/** What to tell the operator if the store refused the call. */
	static Optional<StorageStartException> refusal(S3Connection connection, ObjectStoreException failure) {
		return (failure.getCause() instanceof S3Exception refusal && refusal.statusCode() < 500)
				? Optional.of(new StorageStartException("The bucket '" + connection.bucket() + "' at "
						+ connection.describe() + " answers " + refusal.statusCode()
						+ ". Check that it exists, and check the credentials (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY)"
						+ " and STOWAGE_S3_REGION", failure))
				: Optional.empty();
	}

	@Bean
	HealthIndicator storeHealthIndicator(ObjectStore store) {
		return () -> {
			try {
				store.ping();
				return Health.up().build();
			}
			catch (ObjectStoreException ex) {
				return Health.down().build();
			}
		};
	}

	/**
	 * Requests encryption with each call that creates an object. The parts of an upload
	 * have that of the upload.
	 */
	private static final class Encrypting implements ExecutionInterceptor {

		private final Map<String, String> headers;

		private Encrypting(Encryption encryption) {
			this.headers = encryption.headers();
		}

		@Override
		public SdkHttpRequest modifyHttpRequest(Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
			return creates(context.request())
					? context.httpRequest().copy((request) -> this.headers.forEach(request::putHeader))
					: context.httpRequest();
		}

		private static boolean creates(SdkRequest request) {
			return request instanceof PutObjectRequest || request instanceof CopyObjectRequest
					|| request instanceof CreateMultipartUploadRequest;
		}

	}

}
