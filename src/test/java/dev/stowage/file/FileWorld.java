package dev.stowage.file;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.stowage.owner.Owner;
import dev.stowage.storage.FailingObjectStore;
import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectStore;
import dev.stowage.storage.s3.TestStore;
import dev.stowage.support.Leftovers;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** Files over a real database and a real store, at a time that the test sets. */
final class FileWorld implements AutoCloseable {

	static final Owner ALICE = new Owner("alice");

	static final Owner BOB = new Owner("bob");

	static final byte[] JSON = bytes("{\"a\": [1, 2, 3]}");

	final StandingClock clock = new StandingClock(Instant.parse("2026-03-01T10:00:00.250Z"));

	final MeterRegistry meters = new SimpleMeterRegistry();

	final TestStore engine;

	final FailingObjectStore store;

	/** Whether the store is the database's own. */
	final AtomicBoolean ours = new AtomicBoolean(true);

	final TestDatabase database;

	final FailingRepositories rows;

	final Leases leases;

	final Files files;

	final FileService service;

	final Sweeper sweeper;

	FileWorld(TestDatabase database, TestStore engine, Map<String, String> settings, FailingObjectStore store) {
		this.engine = engine;
		this.store = store;
		this.database = database;
		this.rows = new FailingRepositories(this.database);
		this.leases = new Leases(this.rows.uploads, properties(settings), this.clock);
		this.files = filesOver(this.rows.files);
		this.service = new FileService(this.rows.uploads, new PendingSlots(this.rows.uploads, properties(settings)),
				new Completions(this.files, this.rows.uploads, store, properties(settings), this.clock), store,
				properties(settings), this.leases, this.clock);
		this.sweeper = sweeper(store);
	}

	/** The settings as Spring Boot would bind them. */
	static FileProperties properties(Map<String, String> settings) {
		return new Binder(new MapConfigurationPropertySource(settings)).bindOrCreate("stowage", FileProperties.class);
	}

	static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	/** One more sweeper, as of another instance. */
	Sweeper sweeper(ObjectStore its) {
		return sweeper(its, Map.of());
	}

	/** One with settings of its own. */
	Sweeper sweeper(ObjectStore its, Map<String, String> settings) {
		SweepProperties limits = new Binder(new MapConfigurationPropertySource(settings)).bindOrCreate("stowage",
				SweepProperties.class);
		return new Sweeper(this.rows.sweeping, its, new UnusualShare(this.rows.sweeping, limits), this.clock,
				this.meters);
	}

	/** The same files' life over another database. */
	FileService serviceOver(TestDatabase other) {
		FileProperties properties = properties(Map.of());
		UploadRepository uploads = other.uploads();
		return new FileService(uploads, new PendingSlots(uploads, properties),
				new Completions(filesOver(other.files()), uploads, this.store, properties, this.clock), this.store,
				properties, new Leases(uploads, properties, this.clock), this.clock);
	}

	private Files filesOver(FileRepository repository) {
		return new Files(repository, this.store, new DamageReports(new SimpleMeterRegistry()),
				new PromptRemoval(this.store, this.ours::get), this.clock);
	}

	StoredFile upload(byte[] bytes) throws IOException {
		return upload(new Upload(bytes));
	}

	StoredFile upload(IncomingFile upload) throws IOException {
		return this.service.upload(ALICE, upload);
	}

	UploadGrant grant() {
		return this.service.grant(ALICE, "data.json", Purpose.CONTEXT);
	}

	/** A pending file whose bytes were sent. */
	UploadGrant sent(byte[] bytes) {
		UploadGrant grant = grant();
		send(grant, bytes);
		return grant;
	}

	void send(UploadGrant grant, byte[] bytes) {
		try {
			assertThat(this.engine.send(grant.put(), bytes)).isEqualTo(200);
		}
		catch (IOException | InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	StoredFile complete(UploadGrant grant) {
		return this.service.complete(ALICE, grant.file().id());
	}

	/** What is served of a file. */
	byte[] served(StoredFile file) throws IOException {
		try (InputStream bytes = this.files.open(this.files.getAvailable(ALICE, file.id()), 0, file.bytes())) {
			return bytes.readAllBytes();
		}
	}

	List<StoredFile> listed() {
		FileQuery all = new FileQuery(Optional.empty(), Optional.empty(), 10_000, true);
		return this.files.list(ALICE, all).files();
	}

	/** Everything works again, and what takes hours has happened. */
	void settle() {
		this.store.heal();
		this.rows.heal();
		for (int round = 0; round < 3; round++) {
			this.clock.move(Duration.ofHours(2));
			this.sweeper.sweep();
		}
	}

	/**
	 * After all is settled, only what is listed is left, in the table and in the bucket.
	 */
	void requireNothingButListed() {
		settle();
		List<String> listed = listed().stream().map((file) -> file.id().value()).toList();
		Leftovers.requireNone(listed, this.database.jdbc(), this.engine);
	}

	void requireObjects(ObjectKey... keys) {
		assertThat(this.engine.keys())
			.containsExactlyInAnyOrderElementsOf(List.of(keys).stream().map(ObjectKey::value).toList());
	}

	@Override
	public void close() {
		this.database.close();
		this.engine.clear();
	}

	/** What a client sends. */
	record Upload(InputStream bytes, Optional<Purpose> knownPurpose, NewFile said,
			@Nullable RuntimeException refused) implements IncomingFile {

		Upload(byte[] bytes) {
			this(new ByteArrayInputStream(bytes));
		}

		Upload(InputStream bytes) {
			this(bytes, Optional.empty(), new NewFile(FileName.of("a.jsonl"), Purpose.EVALS, Optional.empty()), null);
		}

		/** With its purpose before the bytes. */
		Upload knownAs(Purpose purpose) {
			return new Upload(this.bytes, Optional.of(purpose), as(purpose).said, null);
		}

		/** With its purpose behind the bytes. */
		Upload as(Purpose purpose) {
			return new Upload(this.bytes, Optional.empty(),
					new NewFile(this.said.name(), purpose, this.said.lifetime()), null);
		}

		Upload lasting(Duration lifetime) {
			return new Upload(this.bytes, this.knownPurpose,
					new NewFile(this.said.name(), this.said.purpose(), Optional.of(lifetime)), null);
		}

		/** Found wrong when all its bytes have been read. */
		Upload refused(RuntimeException reason) {
			return new Upload(this.bytes, this.knownPurpose, this.said, reason);
		}

		@Override
		public void cancel() {
			// its bytes are there
		}

		@Override
		public long atMost() {
			return Long.MAX_VALUE;
		}

		@Override
		public NewFile describe() {
			if (this.refused != null) {
				throw this.refused;
			}
			return this.said;
		}

	}

}
