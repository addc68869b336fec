package dev.stowage.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.stowage.storage.s3.NamedEngine;
import dev.stowage.storage.s3.TestStore;
import dev.stowage.support.JavaProcess;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;

/**
 * Where the bytes go: how the server is configured for it, and how to get there without
 * the server.
 */
abstract class Store implements AutoCloseable {

	private static final String REGION = "us-east-1";

	private static final String ENDPOINT = System.getProperty("test.s3.endpoint", "");

	private static final String BUCKET = System.getProperty("test.s3.bucket", "stowage-bench");

	private final String name;

	private final Map<String, String> environment;

	private Store(String name, Map<String, String> environment) {
		this.name = name;
		this.environment = environment;
	}

	/** What to run against: each name can be opened. */
	static List<String> names() {
		return Stream.of("null", "embedded", "external")
			.filter(Scale.STORES::contains)
			.filter((name) -> !name.equals("external") || !ENDPOINT.isEmpty())
			.toList();
	}

	/** Of those, the ones that do not share the server's process. */
	static List<String> outside() {
		return names().stream().filter((name) -> !name.equals("embedded")).toList();
	}

	static Store open(String name) throws Exception {
		return switch (name) {
			case "null" -> Forgetful.start();
			case "embedded" -> new Embedded(JavaProcess.freePort());
			default -> External.connect();
		};
	}

	String name() {
		return this.name;
	}

	Map<String, String> environment() {
		return this.environment;
	}

	/** Whether objects remain after a benchmark unless they are deleted. */
	boolean isLasting() {
		return this.name.equals("external");
	}

	/** The direct way to the store of a running server. */
	abstract Bucket bucket(ServerProcess server) throws IOException;

	@Override
	public void close() throws IOException {
	}

	/** An engine that was started by others. */
	static class External extends Store {

		private final URI endpoint;

		private final String bucket;

		private final AwsCredentials credentials;

		External(String name, URI endpoint, String bucket, AwsCredentials credentials) {
			super(name,
					Map.of("STOWAGE_S3_BUCKET", bucket, "STOWAGE_S3_ENDPOINT", endpoint.toString(), "STOWAGE_S3_REGION",
							REGION, "STOWAGE_S3_PATH_STYLE", "true", "AWS_ACCESS_KEY_ID", credentials.accessKeyId(),
							"AWS_SECRET_ACCESS_KEY", credentials.secretAccessKey()));
			this.endpoint = endpoint;
			this.bucket = bucket;
			this.credentials = credentials;
		}

		/**
		 * The one of {@link NamedEngine}, and a bucket that is created if it is missing.
		 */
		static External connect() throws IOException {
			try (TestStore store = TestStore.named(BUCKET)) {
				return new External("external", URI.create(ENDPOINT), BUCKET, store.credentials());
			}
		}

		URI endpoint() {
			return this.endpoint;
		}

		@Override
		Bucket bucket(ServerProcess server) {
			return new Bucket(this.endpoint, this.bucket, this.credentials);
		}

	}

	/** The engine inside the server, over the server's folder. */
	private static final class Embedded extends Store {

		private final int port;

		Embedded(int port) {
			super("embedded", Map.of("STOWAGE_S3_EMBEDDED_PORT", Integer.toString(port)));
			this.port = port;
		}

		@Override
		Bucket bucket(ServerProcess server) throws IOException {
			List<String> key = Files.readAllLines(server.folder().resolve("embedded-s3.key"));
			return new Bucket(URI.create("http://127.0.0.1:" + this.port), "stowage",
					AwsBasicCredentials.create(key.getFirst(), key.getLast()));
		}

	}

	/** A {@link NullStore}. */
	static final class Forgetful extends External {

		private final NullStoreProcess process;

		private Forgetful(NullStoreProcess process) {
			super("null", process.endpoint(), NullStoreProcess.BUCKET, process.credentials());
			this.process = process;
		}

		static Forgetful start() throws Exception {
			return new Forgetful(NullStoreProcess.start(0, true));
		}

		/** One of its counts, such as {@code puts}. */
		long count(String what) throws IOException {
			return this.process.count(what);
		}

		@Override
		public void close() throws IOException {
			this.process.close();
		}

	}

}
