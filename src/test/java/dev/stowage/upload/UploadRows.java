package dev.stowage.upload;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

import dev.stowage.database.TestDatabase;
import dev.stowage.file.FileId;
import dev.stowage.file.Files;
import dev.stowage.file.StoredFile;
import dev.stowage.owner.Owner;
import dev.stowage.storage.Checksum;
import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectStore;
import dev.stowage.support.Faults;

/** The rows of files whose bytes are still to arrive, for tests of every package. */
public final class UploadRows extends UploadRepository {

	private final Faults faults;

	public UploadRows(TestDatabase database) {
		this(database, new Faults());
	}

	/** Repositories whose calls fail as the test requests. */
	public UploadRows(TestDatabase database, Faults faults) {
		super(database.jdbc(), database.changes());
		this.faults = faults;
	}

	/** The leases of uploads in these rows. */
	public Leases leases(UploadProperties properties, Clock clock) {
		return new Leases(this, properties, clock);
	}

	/** Uploads in these rows. */
	public FileService service(Files files, ObjectStore store, UploadProperties properties, Leases leases,
			Clock clock) {
		return new FileService(this, new PendingSlots(this, properties),
				new Completions(files, this, store, properties, clock), store, properties, leases, clock);
	}

	@Override
	public boolean addPresigned(StoredFile file, Instant uploadEndsAt, int slot) {
		return this.faults.around("addPresigned", () -> super.addPresigned(file, uploadEndsAt, slot));
	}

	@Override
	public void addMultipart(FileId id, Owner owner, Instant createdAt, ObjectKey key, Instant deadline) {
		this.faults.around("addMultipart", () -> super.addMultipart(id, owner, createdAt, key, deadline));
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
	public boolean claimCompletion(FileId id, String etag, Instant now, Instant until, Instant furthest) {
		return this.faults.around("claimCompletion", () -> super.claimCompletion(id, etag, now, until, furthest));
	}

	@Override
	public boolean renewClaim(FileId id, Instant until, Instant next) {
		return this.faults.around("renewClaim", () -> super.renewClaim(id, until, next));
	}

	@Override
	public void releaseClaim(FileId id, Instant until) {
		this.faults.around("releaseClaim", () -> super.releaseClaim(id, until));
	}

	@Override
	public void refuse(FileId id, Instant until, String etag, String reason) {
		this.faults.around("refuse", () -> super.refuse(id, until, etag, reason));
	}

	@Override
	public OptionalInt nameCopy(FileId id, Instant ended) {
		return this.faults.around("nameCopy", () -> super.nameCopy(id, ended));
	}

	@Override
	public boolean completePresigned(FileId id, Checksum bytes, ObjectKey copy, Instant sweepAt) {
		return this.faults.around("completePresigned", () -> super.completePresigned(id, bytes, copy, sweepAt));
	}

	@Override
	public void abandon(FileId id, Owner owner, ObjectKey key, Instant now, Instant uploadEndsAt) {
		this.faults.around("abandon", () -> super.abandon(id, owner, key, now, uploadEndsAt));
	}

	@Override
	public List<Integer> pendingSlots(Owner owner) {
		return super.pendingSlots(owner);
	}

	@Override
	public Optional<String> refusal(FileId id, String etag) {
		return super.refusal(id, etag);
	}

}
