package dev.stowage.support;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.stowage.storage.s3.NamedEngine;
import dev.stowage.storage.s3.TestStore;
import software.amazon.awssdk.auth.credentials.AwsCredentials;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static dev.stowage.support.Soon.await;

/**
 * One PostgreSQL and one bucket for several instances of the server, none of which starts
 * them: in the {@link NamedEngine} if there is one, otherwise in an S3Proxy.
 */
public final class SharedBacking implements AutoCloseable {

	private static final String ID = "aws.accessKeyId";

	private static final String SECRET = "aws.secretAccessKey";

	private final Path folder;

	private final String databaseUrl;

	private final TestStore store;

	private final AwsCredentials credentials;

	private final Optional<String> idBefore = Optional.ofNullable(System.getProperty(ID));

	private final Optional<String> secretBefore = Optional.ofNullable(System.getProperty(SECRET));

	/** An empty one for each folder. */
	public SharedBacking(Path folder) {
		this(folder, NamedEngine.isThere() ? Backing.DISTRIBUTED.store(folder) : TestStore.embedded(folder));
	}

	/** An empty one whose bucket is a folder of S3Proxy, although there is an engine. */
	public static SharedBacking ofFiles(Path folder) {
		return new SharedBacking(folder, TestStore.embedded(folder));
	}

	private SharedBacking(Path folder, TestStore store) {
		this.folder = folder;
		this.databaseUrl = Backing.DISTRIBUTED.databaseUrl(folder).orElseThrow();
		this.store = store;
		this.credentials = this.store.credentials();
		System.setProperty(ID, this.credentials.accessKeyId());
		System.setProperty(SECRET, this.credentials.secretAccessKey());
	}

	/** The settings of an instance, and further ones. */
	public String[] settings(String... more) {
		List<String> settings = new ArrayList<>(this.store.settings());
		settings.add("spring.datasource.url=" + this.databaseUrl);
		settings.addAll(List.of(more));
		return settings.toArray(String[]::new);
	}

	/** What an instance in a separate process needs in addition. */
	public Map<String, String> environment() {
		return Map.of("AWS_ACCESS_KEY_ID", this.credentials.accessKeyId(), "AWS_SECRET_ACCESS_KEY",
				this.credentials.secretAccessKey());
	}

	/** The bucket, to inspect it. */
	public TestStore store() {
		return this.store;
	}

	public String databaseUrl() {
		return this.databaseUrl;
	}

	/**
	 * Copies the database, like a restored dump, and returns the URL of the copy. No
	 * server may be connected.
	 */
	public String copyOfDatabase() {
		return Backing.copyOfDatabase(this.folder);
	}

	/** The rows, to inspect them. */
	public JdbcClient database() {
		return JdbcClient.create(new DriverManagerDataSource(this.databaseUrl));
	}

	/**
	 * Requires a row and an object for each of these files, and nothing else, once the
	 * sweeper of a running server has removed what failed.
	 */
	public void requireNothingBut(Collection<String> ids) {
		await().untilAsserted(() -> Leftovers.requireNone(ids, database(), this.store));
	}

	/** Removes all files, and everything else that belongs to them. */
	public void clear() {
		for (String table : List.of("upload_part", "idempotency_key", "removed_file", "file", "staging_search")) {
			database().sql("DELETE FROM " + table).update();
		}
		this.store.clear();
	}

	@Override
	public void close() throws IOException {
		restore(ID, this.idBefore);
		restore(SECRET, this.secretBefore);
		this.store.close();
	}

	private static void restore(String name, Optional<String> before) {
		before.ifPresentOrElse((value) -> System.setProperty(name, value), () -> System.clearProperty(name));
	}

}
