package dev.stowage.upload.pending;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import dev.stowage.database.TestDatabase;
import dev.stowage.file.FileId;
import dev.stowage.owner.Owner;
import dev.stowage.storage.Checksum;
import dev.stowage.storage.ObjectKey;
import dev.stowage.support.Faults;
import org.jspecify.annotations.Nullable;

/** The rows of pending files, for tests of every package. */
public final class PendingRows extends PendingRepository {

	private final Faults faults;

	private @Nullable PendingSlots slots;

	public PendingRows(TestDatabase database) {
		this(database, new Faults());
	}

	/** Repositories whose calls fail as the test requests. */
	public PendingRows(TestDatabase database, Faults faults) {
		super(database.jdbc(), database.changes());
		this.faults = faults;
	}

	/** The claims of completions in these rows. */
	public Claims claims(Clock clock) {
		return new Claims(this, clock);
	}

	/** Turns of owners that complete. */
	public Turns turns() {
		return new Turns();
	}

	/** The slots of pending files in these rows, the same for all that add some. */
	public PendingSlots slots(PendingProperties properties) {
		PendingSlots known = this.slots;
		if (known == null) {
			known = new PendingSlots(this, properties);
			this.slots = known;
		}
		return known;
	}

	@Override
	public boolean claim(FileId id, String etag, Instant now, Instant until, Instant furthest) {
		return this.faults.around("claim", () -> super.claim(id, etag, now, until, furthest));
	}

	@Override
	public boolean renew(FileId id, Instant until, Instant next, Instant copyEnds) {
		return this.faults.around("renewClaim", () -> super.renew(id, until, next, copyEnds));
	}

	@Override
	public void release(FileId id, Instant until) {
		this.faults.around("releaseClaim", () -> super.release(id, until));
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
	public boolean complete(FileId id, Checksum bytes, ObjectKey copy, Instant sweepAt) {
		return this.faults.around("completeClaimed", () -> super.complete(id, bytes, copy, sweepAt));
	}

	@Override
	public List<Integer> slots(Owner owner) {
		return super.slots(owner);
	}

	@Override
	public Optional<String> refusal(FileId id, String etag) {
		return super.refusal(id, etag);
	}

}
