package dev.stowage.faults;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.stowage.storage.EngineProcess;
import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.s3.TestStore;
import dev.stowage.support.ChildProcess;
import dev.stowage.support.Leftovers;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.util.FileSystemUtils;

/** The database and the store of a server. */
final class World implements AutoCloseable {

	static final String EMBEDDED_BUCKET = "stowage";

	private final Path folder = Files.createTempDirectory("stowage-faults");

	private final int embeddedPort = ChildProcess.freePort();

	private final Optional<PostgresProcess> postgres;

	private final Optional<Engine> engine;

	private final JdbcClient database;

	private World(Optional<PostgresProcess> postgres, Optional<Engine> engine) throws IOException {
		this.postgres = postgres;
		this.engine = engine;
		// the driver's own timeout is too short on a machine under load
		this.database = JdbcClient.create(new DriverManagerDataSource(postgres.map(PostgresProcess::url)
			.orElse("jdbc:sqlite:" + this.folder.resolve("stowage.db") + "?busy_timeout=60000")));
	}

	/** What the server includes. */
	static World embedded() throws IOException {
		return new World(Optional.empty(), Optional.empty());
	}

	/** SQLite, and a store in another process. */
	static World withEngine() throws IOException {
		return new World(Optional.empty(), Optional.of(Engine.start()));
	}

	/** Neither in the server's process. */
	static World distributed() throws IOException {
		return new World(Optional.of(new PostgresProcess()), Optional.of(Engine.start()));
	}

	PostgresProcess postgres() {
		return this.postgres.orElseThrow();
	}

	Engine engine() {
		return this.engine.orElseThrow();
	}

	String name() {
		return (this.postgres.isPresent() ? "PostgreSQL" : "SQLite") + ", "
				+ this.engine.map(Engine::name).orElse("embedded S3Proxy");
	}

	Map<String, String> environment() {
		Map<String, String> environment = new HashMap<>();
		environment.put("STOWAGE_DATA_DIR", this.folder.toString());
		environment.put("STOWAGE_S3_EMBEDDED_PORT", Integer.toString(this.embeddedPort));
		this.postgres.ifPresent((it) -> environment.put("SPRING_DATASOURCE_URL", it.url()));
		this.engine.ifPresent((it) -> {
			environment.put("STOWAGE_S3_BUCKET", it.bucket());
			environment.put("STOWAGE_S3_ENDPOINT", it.endpoint().toString());
			environment.put("STOWAGE_S3_REGION", "us-east-1");
			environment.put("STOWAGE_S3_PATH_STYLE", "true");
			environment.put("STOWAGE_S3_SIGN_PAYLOAD", Boolean.toString(it.takesSignedPayload()));
			environment.put("AWS_ACCESS_KEY_ID", it.credentials().accessKeyId());
			environment.put("AWS_SECRET_ACCESS_KEY", it.credentials().secretAccessKey());
			it.uploadCredentials().ifPresent((upload) -> {
				environment.put("STOWAGE_S3_UPLOAD_ACCESS_KEY_ID", upload.accessKeyId());
				environment.put("STOWAGE_S3_UPLOAD_SECRET_ACCESS_KEY", upload.secretAccessKey());
			});
		});
		return environment;
	}

	/** Direct access to the bucket, while the engine runs. */
	TestStore bucket() {
		return this.engine.map((it) -> TestStore.at(it.endpoint(), it.bucket(), it.credentials()))
			.orElseGet(() -> TestStore.at(URI.create("http://127.0.0.1:" + this.embeddedPort), EMBEDDED_BUCKET,
					EngineProcess.credentials(this.folder)));
	}

	/** Owners whose usage is not the sum of their rows. */
	List<String> miscounted() {
		return Leftovers.miscounted(this.database);
	}

	/** The contents of the embedded engine's folder, whether or not S3 lists them. */
	List<Path> filesOfEmbeddedEngine() throws IOException {
		Path objects = this.folder.resolve("objects");
		if (this.engine.isPresent() || !Files.exists(objects)) {
			return List.of();
		}
		List<Path> files = new ArrayList<>();
		Files.walkFileTree(objects, new SimpleFileVisitor<>() {

			@Override
			public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
				if (!file.endsWith(ObjectKey.IDENTITY.value())) {
					files.add(file);
				}
				return FileVisitResult.CONTINUE;
			}

			// the engine removes files at the same time
			@Override
			public FileVisitResult visitFileFailed(Path file, IOException ex) throws IOException {
				return ignoreIfGone(ex);
			}

			@Override
			public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException ex) throws IOException {
				return (ex != null) ? ignoreIfGone(ex) : FileVisitResult.CONTINUE;
			}

		});
		return files;
	}

	private static FileVisitResult ignoreIfGone(IOException ex) throws IOException {
		if (ex instanceof NoSuchFileException) {
			return FileVisitResult.CONTINUE;
		}
		throw ex;
	}

	/** How many rows do not belong to visible files. */
	long unfinishedRows() {
		return count("SELECT count(*) FROM file WHERE status <> 'AVAILABLE'");
	}

	/** How many uploads may still become files. */
	long uploadsUnderWay() {
		return count("SELECT count(*) FROM file WHERE status = 'PENDING' AND style = 'MULTIPART'");
	}

	/** How many files a sweep was removing that was in progress at a time. */
	long sweptAt(long epochSecond) {
		// a claim lasts two minutes
		return count("SELECT count(*) FROM file WHERE sweep_at BETWEEN " + (epochSecond + 115) + " AND "
				+ (epochSecond + 120) + " AND (upload_ends_at IS NULL OR sweep_at <> upload_ends_at)");
	}

	private long count(String query) {
		return this.database.sql(query).query(Long.class).single();
	}

	/**
	 * Moves the sweeper's times by an hour, because it waits ten minutes for late
	 * effects.
	 */
	void letAnHourPass() {
		this.database.sql("UPDATE file SET sweep_at = sweep_at - 3600, upload_ends_at = upload_ends_at - 3600")
			.update();
	}

	/**
	 * Makes the store's word look young, as an instance that lives on would keep it.
	 * After seven minutes in which none lives as long, the next one removes nothing until
	 * it has.
	 */
	void renewWordTime() {
		if (this.engine.isPresent()) {
			this.database.sql("UPDATE store_identity SET written_at = :now WHERE written_at IS NOT NULL")
				.param("now", Instant.now().getEpochSecond())
				.update();
		}
	}

	/** Lets the leases of all uploads run out, of instances that run and of others. */
	void endLeases() {
		this.database.sql("""
				UPDATE file SET sweep_at = sweep_at - 3600
				WHERE status = 'PENDING' AND style = 'MULTIPART' AND sweep_at IS NOT NULL""").update();
	}

	/**
	 * Ends the completions of an instance that was killed, so that clients need not wait
	 * for a minute.
	 * @return how many had begun to make the file
	 */
	long endCompletions() {
		long begun = count("""
				SELECT count(*) FROM file
				WHERE status = 'PENDING' AND style = 'PARTS' AND completing_until IS NOT NULL AND copies > 0""");
		this.database.sql("UPDATE file SET completing_until = NULL WHERE status = 'PENDING' AND style = 'PARTS'")
			.update();
		return begun;
	}

	/** Lets the two days pass after which nothing of an upload in parts can arrive. */
	void endUploadsInParts() {
		this.database.sql("""
				UPDATE file SET sweep_at = sweep_at - 172800, upload_ends_at = upload_ends_at - 172800,
					upload_expires_at = upload_expires_at - 172800
				WHERE style = 'PARTS'""").update();
	}

	/** How many requests were appending when their instance was killed. */
	long appendsUnderWay() {
		return count("SELECT count(*) FROM appended_upload WHERE writer > 0");
	}

	/** Lets the two days pass after which nothing of an upload can arrive. */
	void endAppends() {
		this.database.sql("""
				UPDATE file SET sweep_at = sweep_at - 172800, upload_ends_at = upload_ends_at - 172800,
					upload_expires_at = upload_expires_at - 172800
				WHERE style = 'APPENDED'""").update();
	}

	/** How many rows there are of parts of files that are finished. */
	long rowsOfAppends() {
		return count("SELECT count(*) FROM appended_part");
	}

	/** How many events are still to be delivered. */
	long events() {
		return count("SELECT count(*) FROM event");
	}

	/** How many parts of uploads have a row. */
	long rowsOfParts() {
		return count("SELECT count(*) FROM upload_part");
	}

	@Override
	public void close() throws IOException {
		Deque<AutoCloseable> all = new ArrayDeque<>();
		this.postgres.ifPresent(all::push);
		this.engine.ifPresent(all::push);
		for (AutoCloseable each : all) {
			try {
				each.close();
			}
			catch (IOException ex) {
				throw ex;
			}
			catch (Exception ex) {
				throw new IOException(ex);
			}
		}
		FileSystemUtils.deleteRecursively(this.folder);
	}

}
