package dev.stowage.storage.s3;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.stowage.memory.UploadMemory;
import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectStore;
import dev.stowage.storage.StorageProperties;
import dev.stowage.storage.embedded.EmbeddedS3;
import dev.stowage.storage.s3.parts.S3Timeouts;
import io.micrometer.observation.ObservationRegistry;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/**
 * An object store wired as in production, with a memory and a client that tests can
 * inspect.
 */
public final class StoreUnderTest implements AutoCloseable {

	/** The configuration that creates it. */
	public static final Class<?> CONFIGURATION = StorageConfiguration.class;

	private static final S3Timeouts TIMEOUTS = S3Timeouts.USUAL.withPause(FaultsInFront.SHORT_PAUSE);

	private final S3Connection connection;

	private final S3Client client;

	private final S3Presigner presigner;

	private final UploadMemory memory;

	private final ObjectStore store;

	public StoreUnderTest(S3Connection connection, int parts) {
		StorageConfiguration configuration = new StorageConfiguration();
		this.connection = connection;
		this.client = configuration.s3Client(connection, TIMEOUTS, ObservationRegistry.NOOP);
		this.presigner = configuration.s3Presigner(connection, this.client);
		this.memory = Samples.memoryFor(parts);
		this.store = new S3ObjectStore(this.client, new UrlSigner(this.presigner, connection),
				configuration.uploadGate(connection, this.client), connection.bucket(), this.memory, TIMEOUTS);
	}

	public static EmbeddedS3 startEmbedded(Path folder) {
		return EmbeddedS3.start(new StorageProperties(folder, List.of(), Duration.ofMinutes(5), embedded(0)));
	}

	public static StorageProperties.S3 embedded(int port) {
		return new StorageProperties.S3(null, null, null, null, false, true, null, null, port,
				new StorageProperties.S3.Upload(null, null));
	}

	/** The same bucket behind another address; closing it leaves the engine running. */
	static S3Connection at(URI endpoint, S3Connection connection) {
		return new S3Connection(Optional.of(endpoint), Optional.empty(), connection.region(), connection.pathStyle(),
				connection.signPayload(), connection.bucket(), connection.credentials(), connection.uploadCredentials(),
				connection.encryption(), () -> {
				});
	}

	/** The settings by which a whole server uses it as an external store. */
	static List<String> settings(S3Connection connection) {
		List<String> settings = new ArrayList<>(
				List.of("stowage.s3.endpoint=" + connection.describe(), "stowage.s3.bucket=" + connection.bucket(),
						"stowage.s3.region=" + connection.region(), "stowage.s3.path-style=" + connection.pathStyle(),
						"stowage.s3.sign-payload=" + connection.signPayload()));
		connection.uploadCredentials().map(AwsCredentialsProvider::resolveCredentials).ifPresent((upload) -> {
			settings.add("stowage.s3.upload.access-key-id=" + upload.accessKeyId());
			settings.add("stowage.s3.upload.secret-access-key=" + upload.secretAccessKey());
		});
		return settings;
	}

	S3Connection connection() {
		return this.connection;
	}

	public S3Client client() {
		return this.client;
	}

	public UploadMemory memory() {
		return this.memory;
	}

	HeaderProbe probe() {
		return StorageConfiguration.headerProbe(this.connection, this.client);
	}

	public ObjectStore store() {
		return this.store;
	}

	/** Like a process that dies before it sends anything. */
	public String openUpload(ObjectKey key) {
		return this.client.createMultipartUpload((request) -> request.bucket(this.connection.bucket()).key(key.value()))
			.uploadId();
	}

	/** The keys of the multipart uploads that are neither completed nor aborted. */
	List<String> openUploads(ObjectKey key) {
		return this.client
			.listMultipartUploads((request) -> request.bucket(this.connection.bucket()).prefix(key.value()))
			.uploads()
			.stream()
			.map(MultipartUpload::key)
			.toList();
	}

	/** Closes the clients; the test that started the engine closes it. */
	@Override
	public void close() {
		this.presigner.close();
		this.client.close();
	}

}
