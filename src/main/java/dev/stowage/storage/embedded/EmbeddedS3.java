package dev.stowage.storage.embedded;

import java.io.IOException;
import java.lang.reflect.Field;
import java.net.BindException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

import dev.stowage.storage.DataDisk;
import dev.stowage.storage.StorageProperties;
import dev.stowage.storage.StorageStartException;
import dev.stowage.storage.s3.S3Connection;
import org.gaul.s3proxy.CrossOriginResourceSharing;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import org.gaul.shaded.org.eclipse.jetty.http.HttpCompliance;
import org.gaul.shaded.org.eclipse.jetty.server.ConnectionFactory;
import org.gaul.shaded.org.eclipse.jetty.server.Connector;
import org.gaul.shaded.org.eclipse.jetty.server.Handler;
import org.gaul.shaded.org.eclipse.jetty.server.HttpConfiguration;
import org.gaul.shaded.org.eclipse.jetty.server.Server;
import org.gaul.shaded.org.eclipse.jetty.server.ServerConnector;
import org.gaul.shaded.org.eclipse.jetty.util.VirtualThreads;
import org.gaul.shaded.org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.model.BucketCannedACL;

import org.springframework.util.FileSystemUtils;

/**
 * An S3 engine in this process, on a loopback port of its own, over a folder. The server
 * talks to it over HTTP with signed requests, like to any other engine.
 */
public final class EmbeddedS3 implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(EmbeddedS3.class);

	private static final String BUCKET = "stowage";

	/** Of all keys of files. */
	private static final List<String> PREFIXES = List.of("files", "staging");

	private static final int BACKLOG = 4096;

	private final S3Proxy server;

	private final AwsBasicCredentials credentials;

	private final Optional<URI> publicEndpoint;

	private EmbeddedS3(S3Proxy server, AwsBasicCredentials credentials, Optional<URI> publicEndpoint) {
		this.server = server;
		this.credentials = credentials;
		this.publicEndpoint = publicEndpoint;
	}

	/**
	 * Starts it.
	 * @throws StorageStartException when its port is taken or its folder cannot be used
	 */
	public static EmbeddedS3 start(StorageProperties properties) {
		return start(properties, EmbeddedLimits.forThisHeap());
	}

	public static EmbeddedS3 start(StorageProperties properties, EmbeddedLimits limits) {
		return start(properties, limits, DataDisk.none(), Optional.empty());
	}

	/**
	 * Starts it on a disk whose floor it respects.
	 * @param forced how objects are forced to disk, if at all
	 * @throws StorageStartException when its port is taken or its folder cannot be used
	 */
	public static EmbeddedS3 start(StorageProperties properties, EmbeddedLimits limits, DataDisk disk,
			Optional<ForcedFiles> forced) {
		int port = properties.s3().embeddedPort();
		try {
			Path folder = properties.dataDir().toAbsolutePath().resolve("objects");
			Path bucket = Files.createDirectories(folder.resolve(BUCKET));
			keepFolders(bucket);
			List<Path> unfinished = UnfinishedWrites.in(bucket);
			AwsBasicCredentials credentials = EmbeddedS3Credentials.keptIn(properties.dataDir());
			BlobStore objects = new CarefulBlobStore(new FilesystemNio2BlobStore(folder.toString()), folder, disk,
					forced);
			// otherwise anyone who reaches the port could list the bucket without a key
			objects.setContainerAccess(BUCKET, BucketCannedACL.PRIVATE);
			S3Proxy server = S3Proxy.builder()
				.endpoint(URI.create("http://127.0.0.1:" + port))
				.awsAuthentication(AuthenticationType.AWS_V4, credentials.accessKeyId(), credentials.secretAccessKey())
				.blobStore(objects)
				.corsRules(cors(properties.corsOrigins()))
				.stopTimeout(limits.stop().toMillis())
				.build();
			suitUs(server);
			guard(serverOf(server), credentials.accessKeyId(), limits, properties.uploadTimeout());
			server.start();
			EmbeddedPort.keep(properties.dataDir(), server.getPort());
			// this process has the port now, so no other process writes here
			for (Path each : unfinished) {
				FileSystemUtils.deleteRecursively(each);
			}
			return new EmbeddedS3(server, credentials, properties.s3().publicEndpointUri());
		}
		catch (Exception ex) {
			if (ex instanceof BindException || ex.getCause() instanceof BindException) {
				throw new StorageStartException("The port " + port
						+ " of the embedded S3 store is in use. Free it, or set STOWAGE_S3_EMBEDDED_PORT to another",
						ex);
			}
			throw new StorageStartException(
					"The embedded S3 store did not start in " + properties.dataDir() + " (see STOWAGE_DATA_DIR): " + ex,
					ex);
		}
	}

	/**
	 * The engine removes a folder with the last object in it, and an upload that arrives
	 * at this moment would fail.
	 */
	private static void keepFolders(Path bucket) throws IOException {
		for (String prefix : PREFIXES) {
			Files.createDirectories(bucket.resolve(prefix).resolve(".kept"));
		}
	}

	/**
	 * Sets what S3Proxy has no settings for. {@code curl -d} declares its body a form:
	 * Jetty would parse it for parameters, and the signature would no longer match. Slow
	 * readers would block all of its threads, and its short queue would refuse many
	 * simultaneous clients. Each connection would cache 100 KiB of headers, which are
	 * never reused. And it would accept requests that a proxy in front of it may read
	 * differently, such as one with two lengths.
	 */
	public static void suitUs(S3Proxy proxy) throws ReflectiveOperationException {
		Server server = serverOf(proxy);
		((QueuedThreadPool) server.getThreadPool())
			.setVirtualThreadsExecutor(VirtualThreads.getDefaultVirtualThreadsExecutor());
		for (Connector connector : server.getConnectors()) {
			((ServerConnector) connector).setAcceptQueueSize(BACKLOG);
			for (ConnectionFactory factory : connector.getConnectionFactories()) {
				if (factory instanceof HttpConfiguration.ConnectionFactory http) {
					http.getHttpConfiguration().setHttpCompliance(HttpCompliance.RFC7230);
					http.getHttpConfiguration().setFormEncodedMethods(Set.of());
					http.getHttpConfiguration().setHeaderCacheSize(0);
				}
			}
		}
	}

	private static Server serverOf(S3Proxy proxy) throws ReflectiveOperationException {
		Field field = S3Proxy.class.getDeclaredField("server");
		field.setAccessible(true);
		return (Server) field.get(proxy);
	}

	/**
	 * The idle time of the connectors remains that of connections without a request, and
	 * the least of this server's own requests.
	 */
	private static void guard(Server server, String accessKeyId, EmbeddedLimits limits, Duration silence) {
		Handler gate = new EmbeddedGate(server.getHandler(), accessKeyId, limits, silence);
		for (Connector connector : server.getConnectors()) {
			connector.getConnectionFactory(HttpConfiguration.ConnectionFactory.class)
				.getHttpConfiguration()
				.setIdleTimeout(Math.max(silence.toMillis(), connector.getIdleTimeout()));
			EmbeddedConnections connections = new EmbeddedConnections(gate, limits, connector.getScheduler());
			connector.addEventListener(connections);
			server.setHandler(connections);
		}
	}

	private static CrossOriginResourceSharing cors(List<String> origins) {
		if (origins.isEmpty()) {
			return CrossOriginResourceSharing.disabled();
		}
		List<String> patterns = origins.stream()
			.map((origin) -> origin.equals("*") ? origin : Pattern.quote(origin))
			.toList();
		return new CrossOriginResourceSharing(patterns, List.of("GET", "HEAD", "PUT"), List.of("*"),
				List.of("ETag", "Content-Length", "Content-Range", "Content-Disposition"), "false");
	}

	public S3Connection connection() {
		return connection(this.server.getPort(), this.publicEndpoint, this.credentials, this);
	}

	/**
	 * The connection to the engine of a server that runs on the same data folder.
	 * @throws StorageStartException when the folder does not hold the engine's key
	 */
	static S3Connection ofRunningServer(StorageProperties properties) {
		Path folder = properties.dataDir().toAbsolutePath();
		try {
			return connection(EmbeddedPort.read(folder, properties.s3().embeddedPort()), Optional.empty(),
					EmbeddedS3Credentials.in(folder), () -> {
					});
		}
		catch (IOException ex) {
			throw new StorageStartException(
					"The key of the embedded S3 store cannot be read in " + folder + " (see STOWAGE_DATA_DIR): " + ex,
					ex);
		}
	}

	private static S3Connection connection(int port, Optional<URI> publicEndpoint, AwsBasicCredentials credentials,
			AutoCloseable engine) {
		return new S3Connection(Optional.of(URI.create("http://127.0.0.1:" + port)), publicEndpoint, Region.US_EAST_1,
				true, false, BUCKET, StaticCredentialsProvider.create(credentials), engine);
	}

	/** Waits for requests, but not for long. */
	@Override
	public void close() throws IOException {
		try {
			this.server.stop();
		}
		catch (TimeoutException ex) {
			logger.warn("Requests to the embedded S3 store were ended, because it stops");
		}
		catch (Exception ex) {
			throw new IOException("The embedded S3 store did not stop", ex);
		}
	}

}
