package dev.stowage.upload.append;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import dev.stowage.database.TestDatabase;
import dev.stowage.file.FileRows;
import dev.stowage.file.Files;
import dev.stowage.storage.Checksum;
import dev.stowage.storage.GrowingObject.StoredPart;
import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectStore;
import dev.stowage.support.Faults;
import dev.stowage.support.Rows;
import dev.stowage.upload.Leases;
import dev.stowage.upload.UploadProperties;
import dev.stowage.upload.pending.PendingProperties;
import dev.stowage.upload.pending.PendingSlots;
import dev.stowage.upload.pending.UploadId;

/** The rows of uploads to which requests append, for tests of every package. */
public final class AppendRows {

	private final TestDatabase database;

	private final Faults faults;

	/** Repositories whose calls fail as the test requests. */
	public AppendRows(TestDatabase database, Faults faults) {
		this.database = database;
		this.faults = faults;
	}

	/** Uploads in these rows, as one instance serves them. */
	public Instance instance(Rows rows, Files files, ObjectStore store, AppendProperties properties,
			UploadProperties uploads, PendingProperties pending, Leases leases, Clock clock) {
		FaultyRows begun = new FaultyRows();
		FaultyKept kept = new FaultyKept();
		Writers writers = new Writers(new FaultyWriters(), properties, uploads, clock);
		AppendLimits limits = new AppendLimits(properties, store);
		PendingSlots slots = rows.pending().slots(pending);
		AppendReception reception = new AppendReception(begun, kept, writers, new AppendRemains(kept, store), limits,
				slots, leases, store, FileRows.damage(), clock);
		return new Instance(
				new AppendedUploads(begun, writers, reception, limits,
						rows.uploads().idempotent(slots, leases, uploads, clock), slots, files, uploads, clock),
				writers);
	}

	/** The uploads of one instance, which looks for newer requests on demand. */
	public static final class Instance {

		private final AppendedUploads uploads;

		private final Writers writers;

		private Instance(AppendedUploads uploads, Writers writers) {
			this.uploads = uploads;
			this.writers = writers;
		}

		public AppendedUploads uploads() {
			return this.uploads;
		}

		/** Looks once for newer requests, as the watch does twice a second. */
		public void look() {
			this.writers.look();
		}

		/** Watches until it is closed. */
		AutoCloseable watch() {
			WriterWatch watch = new WriterWatch(this.writers);
			watch.start();
			return watch::stop;
		}

		Writers writers() {
			return this.writers;
		}

	}

	private final class FaultyRows extends AppendRepository {

		private FaultyRows() {
			super(AppendRows.this.database.jdbc(), AppendRows.this.database.changes());
		}

		@Override
		boolean add(AppendedUpload upload, Optional<WholeDigest> digest, Optional<Instant> fileExpiresAt, int slot) {
			return AppendRows.this.faults.around("add", () -> super.add(upload, digest, fileExpiresAt, slot));
		}

		@Override
		boolean complete(UploadId id, int request, Checksum bytes, ObjectKey key, Instant now,
				Optional<Instant> remains) {
			return AppendRows.this.faults.around("complete",
					() -> super.complete(id, request, bytes, key, now, remains));
		}

		@Override
		boolean cancel(UploadId id, int request, Instant now) {
			return AppendRows.this.faults.around("cancel", () -> super.cancel(id, request, now));
		}

		@Override
		boolean cancel(UploadId id, Instant now) {
			return AppendRows.this.faults.around("cancel", () -> super.cancel(id, now));
		}

	}

	private final class FaultyKept extends KeptRepository {

		private FaultyKept() {
			super(AppendRows.this.database.jdbc(), AppendRows.this.database.changes(),
					new WriterRepository(AppendRows.this.database.jdbc(), AppendRows.this.database.changes()));
		}

		@Override
		boolean begun(UploadId id, int request, ObjectKey key, String storeUpload) {
			return AppendRows.this.faults.around("begun", () -> super.begun(id, request, key, storeUpload));
		}

		@Override
		boolean stored(UploadId id, int request, List<StoredPart> parts, Checksum all) {
			return AppendRows.this.faults.around("stored", () -> super.stored(id, request, parts, all));
		}

		@Override
		boolean left(UploadId id, int request, List<StoredPart> parts, Checksum all, Checksum rest, Instant deadline) {
			return AppendRows.this.faults.around("left", () -> super.left(id, request, parts, all, rest, deadline));
		}

		@Override
		void removed(UploadId id, int upTo) {
			AppendRows.this.faults.around("removed", () -> super.removed(id, upTo));
		}

		@Override
		void setLength(UploadId id, long length) {
			AppendRows.this.faults.around("setLength", () -> super.setLength(id, length));
		}

	}

	private final class FaultyWriters extends WriterRepository {

		private FaultyWriters() {
			super(AppendRows.this.database.jdbc(), AppendRows.this.database.changes());
		}

		@Override
		Optional<Asked> ask(UploadId id, Instant now, Instant deadline) {
			return AppendRows.this.faults.around("ask", () -> super.ask(id, now, deadline));
		}

		@Override
		void release(UploadId id, int request, Instant deadline) {
			AppendRows.this.faults.around("release", () -> super.release(id, request, deadline));
		}

	}

}
