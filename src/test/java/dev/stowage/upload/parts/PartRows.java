package dev.stowage.upload.parts;

import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

import dev.stowage.database.TestDatabase;
import dev.stowage.file.FileRows;
import dev.stowage.file.Files;
import dev.stowage.storage.Checksum;
import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectStore;
import dev.stowage.support.Faults;
import dev.stowage.support.Rows;
import dev.stowage.upload.Leases;
import dev.stowage.upload.UploadProperties;
import dev.stowage.upload.pending.PendingProperties;
import dev.stowage.upload.pending.UploadId;

/** The rows of uploads in parts, for tests of every package. */
public final class PartRows extends PartRepository {

	private final Faults faults;

	private final PresignedPartRepository presigned;

	/** Repositories whose calls fail as the test requests. */
	public PartRows(TestDatabase database, Faults faults) {
		super(database.jdbc(), database.changes());
		this.faults = faults;
		this.presigned = new PresignedPartRepository(database.jdbc(), database.changes());
	}

	/** Uploads in these rows. */
	public Uploads uploads(Rows rows, Files files, ObjectStore store, PartProperties limits,
			UploadProperties properties, PendingProperties pending, Leases leases, Clock clock) {
		return new Uploads(this, rows.uploads().idempotent(rows.pending().slots(pending), leases, properties, clock),
				rows.pending().slots(pending),
				new PartReception(this, rows.uploads().reception(store), leases, store, clock),
				new PartCompletions(this, rows.pending().claims(clock), rows.pending().turns(), store,
						FileRows.damage(), clock),
				files, limits, properties, clock);
	}

	/** Files whose parts go directly to the store. */
	public PresignedParts presigned(Rows rows, Files files, ObjectStore store, UploadProperties properties,
			PendingProperties pending, Leases leases, Clock clock) {
		return new PresignedParts(files, this.presigned,
				rows.uploads().idempotent(rows.pending().slots(pending), leases, properties, clock),
				rows.pending().slots(pending), new PresignedPartCompletions(files, this.presigned,
						rows.pending().claims(clock), rows.pending().turns(), store, rows.uploads().json(store)),
				store, properties, clock);
	}

	@Override
	boolean add(Upload upload, Optional<Instant> fileExpiresAt, Optional<String> metadata, int slot) {
		return this.faults.around("add", () -> super.add(upload, fileExpiresAt, metadata, slot));
	}

	@Override
	OptionalInt namePart(UploadId upload, PartId part, Instant now, int limit) {
		return this.faults.around("namePart", () -> super.namePart(upload, part, now, limit));
	}

	@Override
	boolean arrived(UploadPart part, Instant now) {
		return this.faults.around("arrived", () -> super.arrived(part, now));
	}

	@Override
	boolean failed(UploadId upload, PartId part) {
		return this.faults.around("failed", () -> super.failed(upload, part));
	}

	@Override
	boolean complete(UploadId upload, Checksum bytes, ObjectKey copy, String list, Instant now) {
		return this.faults.around("complete", () -> super.complete(upload, bytes, copy, list, now));
	}

	@Override
	boolean cancel(UploadId upload, Instant now) {
		return this.faults.around("cancel", () -> super.cancel(upload, now));
	}

}
