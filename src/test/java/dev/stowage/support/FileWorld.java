package dev.stowage.support;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.stowage.database.TestDatabase;
import dev.stowage.file.FileName;
import dev.stowage.file.FileQuery;
import dev.stowage.file.Files;
import dev.stowage.file.Purpose;
import dev.stowage.file.StoredFile;
import dev.stowage.owner.Owner;
import dev.stowage.storage.FailingObjectStore;
import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectStore;
import dev.stowage.storage.SignedRequest;
import dev.stowage.storage.s3.TestStore;
import dev.stowage.sweep.SweepProperties;
import dev.stowage.sweep.SweepRows;
import dev.stowage.upload.FileService;
import dev.stowage.upload.IncomingFile;
import dev.stowage.upload.Leases;
import dev.stowage.upload.NewFile;
import dev.stowage.upload.UploadGrant;
import dev.stowage.upload.UploadProperties;
import dev.stowage.upload.append.AppendProperties;
import dev.stowage.upload.append.AppendRows;
import dev.stowage.upload.parts.PartProperties;
import dev.stowage.upload.parts.PresignedParts;
import dev.stowage.upload.parts.Uploads;
import dev.stowage.upload.pending.PendingProperties;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** Files over a real database and a real store, at a time that the test sets. */
public final class FileWorld implements AutoCloseable {

	public static final Owner ALICE = new Owner("alice");

	public static final Owner BOB = new Owner("bob");

	public static final byte[] JSON = bytes("{\"a\": [1, 2, 3]}");

	public final StandingClock clock = new StandingClock(Instant.parse("2026-03-01T10:00:00.250Z"));

	public final MeterRegistry meters = new SimpleMeterRegistry();

	public final TestStore engine;

	public final FailingObjectStore store;

	/** Whether the store belongs to the database. */
	public final AtomicBoolean ours = new AtomicBoolean(true);

	public final TestDatabase database;

	public final Faults faults = new Faults();

	public final Rows rows;

	public final Leases leases;

	public final Files files;

	public final FileService service;

	public final Uploads uploads;

	public final PresignedParts presignedParts;

	public final AppendRows.Instance appended;

	public final SweepRows.Sweeping sweeper;

	public FileWorld(TestDatabase database, TestStore engine, Map<String, String> settings, FailingObjectStore store) {
		this.engine = engine;
		this.store = store;
		this.database = database;
		this.rows = new Rows(this.database, this.faults);
		this.leases = this.rows.uploads().leases(properties(settings), this.clock);
		this.files = this.rows.files().files(store, this.ours::get, this.clock);
		PendingProperties limits = bound(settings, PendingProperties.class);
		this.service = this.rows.uploads()
			.service(this.rows.pending(), this.files, store, properties(settings), limits, this.leases, this.clock);
		this.uploads = this.rows.parts()
			.uploads(this.rows, this.files, store, bound(settings, PartProperties.class), properties(settings), limits,
					this.leases, this.clock);
		this.presignedParts = this.rows.parts()
			.presigned(this.rows, this.files, store, properties(settings), limits, this.leases, this.clock);
		this.appended = instance(settings);
		this.sweeper = sweeper(store);
	}

	/** Uploads that continue, as another instance serves them. */
	public AppendRows.Instance instance(Map<String, String> settings) {
		return this.rows.appended()
			.instance(this.rows, this.files, this.store, bound(settings, AppendProperties.class), properties(settings),
					bound(settings, PendingProperties.class), this.leases, this.clock);
	}

	/** The settings as Spring Boot would bind them. */
	public static UploadProperties properties(Map<String, String> settings) {
		return bound(settings, UploadProperties.class);
	}

	private static <T> T bound(Map<String, String> settings, Class<T> type) {
		return new Binder(new MapConfigurationPropertySource(settings)).bindOrCreate("stowage", type);
	}

	public static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	/** Another sweeper, like that of another instance. */
	public SweepRows.Sweeping sweeper(ObjectStore its) {
		return sweeper(its, Map.of());
	}

	/** A sweeper with its own settings. */
	public SweepRows.Sweeping sweeper(ObjectStore its, Map<String, String> settings) {
		SweepProperties limits = bound(settings, SweepProperties.class);
		return this.rows.sweeping().sweeper(its, limits, this.clock, this.meters);
	}

	/** The same files on another database. */
	public FileService serviceOver(TestDatabase other) {
		UploadProperties properties = properties(Map.of());
		Rows its = new Rows(other, this.faults);
		return its.uploads()
			.service(its.pending(), its.files().files(this.store, this.ours::get, this.clock), this.store, properties,
					bound(Map.of(), PendingProperties.class), its.uploads().leases(properties, this.clock), this.clock);
	}

	public StoredFile upload(byte[] bytes) throws IOException {
		return upload(new Upload(bytes));
	}

	public StoredFile upload(IncomingFile upload) throws IOException {
		return this.service.upload(ALICE, Optional.empty(), () -> upload).value();
	}

	public UploadGrant grant() {
		return grant(ALICE, "data.json", Purpose.CONTEXT);
	}

	public UploadGrant grant(Owner owner, String filename, Purpose purpose) {
		return this.service.grant(owner, Optional.empty(), filename, purpose, OptionalLong.empty(), Optional.empty())
			.value();
	}

	/** A pending file whose bytes were sent. */
	public UploadGrant sent(byte[] bytes) {
		UploadGrant grant = grant();
		send(grant, bytes);
		return grant;
	}

	public void send(UploadGrant grant, byte[] bytes) {
		send(grant.put(), bytes);
	}

	/** Sends what a signed request allows. */
	public void send(SignedRequest put, byte[] bytes) {
		try {
			assertThat(this.engine.send(put, bytes)).isEqualTo(200);
		}
		catch (IOException | InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	public StoredFile complete(UploadGrant grant) {
		return this.service.complete(ALICE, grant.file().id());
	}

	/** The served bytes of a file. */
	public byte[] served(StoredFile file) throws IOException {
		try (InputStream bytes = this.files.open(this.files.getAvailable(ALICE, file.id()), 0, file.bytes())) {
			return bytes.readAllBytes();
		}
	}

	public List<StoredFile> listed() {
		FileQuery all = new FileQuery(Optional.empty(), Optional.empty(), 10_000, true);
		return this.files.list(ALICE, all).files();
	}

	/** Ends all faults, and moves the clock by hours. */
	public void settle() {
		this.store.heal();
		this.faults.heal();
		for (int round = 0; round < 3; round++) {
			this.clock.move(Duration.ofHours(2));
			this.sweeper.sweep();
		}
	}

	/**
	 * After everything has settled, only listed files are left, in the table and in the
	 * bucket.
	 */
	public void requireNothingButListed() {
		settle();
		List<String> listed = listed().stream().map((file) -> file.id().value()).toList();
		Leftovers.requireNone(listed, this.database.jdbc(), this.engine);
	}

	public void requireObjects(ObjectKey... keys) {
		assertThat(this.engine.keys())
			.containsExactlyInAnyOrderElementsOf(List.of(keys).stream().map(ObjectKey::value).toList());
	}

	@Override
	public void close() {
		this.database.close();
		this.engine.clear();
	}

	/** What a client sends. */
	public record Upload(InputStream bytes, Optional<Purpose> knownPurpose, NewFile said,
			@Nullable RuntimeException refused) implements IncomingFile {

		public Upload(byte[] bytes) {
			this(new ByteArrayInputStream(bytes));
		}

		public Upload(InputStream bytes) {
			this(bytes, Optional.empty(),
					new NewFile(FileName.of("a.jsonl"), "text/plain", Purpose.EVALS, Optional.empty()), null);
		}

		/** With its purpose before the bytes. */
		public Upload knownAs(Purpose purpose) {
			return new Upload(this.bytes, Optional.of(purpose), as(purpose).said, null);
		}

		/** With its purpose after the bytes. */
		public Upload as(Purpose purpose) {
			return new Upload(this.bytes, Optional.empty(),
					new NewFile(this.said.name(), this.said.contentType(), purpose, this.said.lifetime()), null);
		}

		public Upload lasting(Duration lifetime) {
			return new Upload(this.bytes, this.knownPurpose,
					new NewFile(this.said.name(), this.said.contentType(), this.said.purpose(), Optional.of(lifetime)),
					null);
		}

		/** Refused after all its bytes were read. */
		public Upload refused(RuntimeException reason) {
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
