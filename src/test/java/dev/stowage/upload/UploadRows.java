package dev.stowage.upload;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

import dev.stowage.database.TestDatabase;
import dev.stowage.file.FileId;
import dev.stowage.file.Files;
import dev.stowage.file.StoredFile;
import dev.stowage.owner.Owner;
import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectStore;
import dev.stowage.support.Faults;
import dev.stowage.upload.pending.PendingProperties;
import dev.stowage.upload.pending.PendingRows;
import dev.stowage.upload.pending.PendingSlots;

import org.springframework.jdbc.core.simple.JdbcClient;

/** The rows of files whose bytes are still to arrive, for tests of every package. */
public final class UploadRows extends UploadRepository {

	private final Faults faults;

	private final TestDatabase database;

	private final IdempotencyRepository keys;

	public UploadRows(TestDatabase database) {
		this(database, new Faults());
	}

	/** Repositories whose calls fail as the test requests. */
	public UploadRows(TestDatabase database, Faults faults) {
		super(database.jdbc(), database.changes());
		this.faults = faults;
		this.database = database;
		this.keys = new IdempotencyRepository(database.jdbc(), database.changes());
	}

	/** The database in which they are. */
	public JdbcClient jdbc() {
		return this.database.jdbc();
	}

	/** The leases of uploads in these rows. */
	public Leases leases(UploadProperties properties, Clock clock) {
		return new Leases(this, properties, clock);
	}

	/** Streams to a store. */
	public Reception reception(ObjectStore store) {
		return new Reception(store);
	}

	/** Verifies objects of a store. */
	public JsonVerification json(ObjectStore store) {
		return new JsonVerification(store);
	}

	/** Uploads in these rows. */
	public FileService service(PendingRows pending, Files files, ObjectStore store, UploadProperties properties,
			PendingProperties limits, Leases leases, Clock clock) {
		PendingSlots slots = pending.slots(limits);

		return new FileService(
				this, idempotent(slots, leases, properties, clock), slots, new Reception(store), new Completions(files,
						this, this.keys, pending.claims(clock), pending.turns(), store, json(store), properties, clock),
				store, properties, leases, clock);
	}

	/** Adds these rows together with their keys. */
	public IdempotentUploads idempotent(PendingSlots slots, Leases leases, UploadProperties properties, Clock clock) {
		return new IdempotentUploads(this, this.keys, keys(properties, clock), slots, leases, properties);
	}

	/** The keys of requests that add these rows. */
	public IdempotencyKeys keys(UploadProperties properties, Clock clock) {
		return new IdempotencyKeys(this.keys, this.database.changes(), properties, clock) {

			@Override
			public Claim claim(Owner owner, IdempotencyKey key, IdempotencyKey.Use use, BooleanSupplier add) {
				return UploadRows.this.faults.around("claim key", () -> super.claim(owner, key, use, add));
			}

		};
	}

	/** Of an unknown length. */
	public boolean addPresigned(StoredFile file, Instant uploadEndsAt, int slot) {
		return addPresigned(file, 0, uploadEndsAt, slot);
	}

	@Override
	boolean addPresigned(StoredFile file, long bytes, Instant uploadEndsAt, int slot) {
		return this.faults.around("addPresigned", () -> super.addPresigned(file, bytes, uploadEndsAt, slot));
	}

	/** Of which nothing is known. */
	public void addMultipart(FileId id, Owner owner, Instant createdAt, ObjectKey key, Instant deadline) {
		addMultipart(new BegunUpload(id, owner, 0, createdAt, key, deadline));
	}

	@Override
	void addMultipart(BegunUpload upload) {
		this.faults.around("addMultipart", () -> super.addMultipart(upload));
	}

	@Override
	boolean addMultipart(BegunUpload upload, IdempotencyKey key, Instant keptUntil) {
		return this.faults.around("add with key", () -> super.addMultipart(upload, key, keptUntil));
	}

	@Override
	public Set<FileId> renew(Set<FileId> ids, Instant deadline) {
		return this.faults.around("renew", () -> super.renew(ids, deadline));
	}

	@Override
	public boolean completeMultipart(StoredFile file) {
		return this.faults.around("completeMultipart", () -> super.completeMultipart(file));
	}

	@Override
	boolean completeMultipart(StoredFile file, IdempotencyKey key, Optional<Duration> lifetime) {
		return this.faults.around("complete with key", () -> super.completeMultipart(file, key, lifetime));
	}

	@Override
	public void abandon(FileId id, Owner owner, ObjectKey key, Instant now, Instant uploadEndsAt) {
		this.faults.around("abandon", () -> super.abandon(id, owner, key, now, uploadEndsAt));
	}

}
