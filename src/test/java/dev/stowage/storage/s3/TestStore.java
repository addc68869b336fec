package dev.stowage.storage.s3;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.stowage.storage.ObjectInfo;
import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectStore;
import dev.stowage.storage.SignedRequest;
import dev.stowage.storage.s3.parts.S3Timeouts;
import io.micrometer.observation.ObservationRegistry;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** A store wired as in production, for tests of other packages. */
public final class TestStore extends TestBucket implements AutoCloseable {

	private final S3Presigner presigner;

	private final ObjectStore store;

	private final HttpClient http = HttpClient.newHttpClient();

	private TestStore(S3Connection connection) {
		this(connection, new StorageConfiguration());
	}

	private TestStore(S3Connection connection, StorageConfiguration configuration) {
		super(connection, configuration.s3Client(connection, S3Timeouts.USUAL, ObservationRegistry.NOOP));
		this.presigner = configuration.s3Presigner(connection, this.client);
		this.store = configuration.objectStore(connection, this.client, this.presigner,
				configuration.uploadGate(connection, this.client), configuration.uploadMemory(), S3Timeouts.USUAL);
	}

	/** The embedded engine on a free port, over an existing folder. */
	public static TestStore embedded(Path folder) {
		return new TestStore(StoreUnderTest.startEmbedded(folder).connection());
	}

	/** A bucket of the {@link NamedEngine}. */
	public static TestStore named(String bucket) {
		return new TestStore(NamedEngine.connect(bucket));
	}

	/** The settings by which a whole server uses it as an external store. */
	public List<String> settings() {
		return StoreUnderTest.settings(this.connection);
	}

	/** The same, and more settings. */
	public String[] settings(String... more) {
		List<String> settings = new ArrayList<>(settings());
		settings.addAll(List.of(more));
		return settings.toArray(String[]::new);
	}

	public URI endpoint() {
		return this.connection.describe();
	}

	/** What a server needs in addition to the settings. */
	public AwsCredentials credentials() {
		return this.connection.credentials().resolveCredentials();
	}

	/** An existing bucket of an engine in another process. */
	public static TestStore at(URI endpoint, String bucket, AwsCredentials credentials) {
		return new TestStore(new S3Connection(Optional.of(endpoint), Optional.empty(), Region.US_EAST_1, true, false,
				bucket, StaticCredentialsProvider.create(credentials), () -> {
				}));
	}

	public ObjectStore store() {
		return this.store;
	}

	/** Sends bytes to a signed URL, like a client, and returns the status. */
	public int send(SignedRequest put, byte[] bytes) throws IOException, InterruptedException {
		HttpRequest request = HttpRequest.newBuilder(put.url())
			.method(put.method(), HttpRequest.BodyPublishers.ofByteArray(bytes))
			.build();
		return this.http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
	}

	/** The object under a key. */
	public byte[] bytes(ObjectKey key) throws IOException {
		ObjectInfo object = this.store.find(key).orElseThrow();
		try (InputStream bytes = this.store.open(object).orElseThrow()) {
			return bytes.readAllBytes();
		}
	}

	/** Removes all objects. */
	public void clear() {
		keys().forEach((key) -> this.store.delete(new ObjectKey(key)));
	}

	@Override
	public void close() throws IOException {
		this.presigner.close();
		this.client.close();
		try {
			this.connection.close();
		}
		catch (Exception ex) {
			throw new IOException("The engine did not stop", ex);
		}
	}

}
