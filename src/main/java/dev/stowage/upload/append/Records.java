package dev.stowage.upload.append;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.stowage.storage.Checksum;
import dev.stowage.storage.GrowingObject.StoredPart;
import dev.stowage.upload.pending.UploadId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.dao.DataAccessException;

/**
 * What one request has stored, and the rows that say so. Each change of them is a commit,
 * so parts that come soon after each other are recorded together, and those of a short
 * request at its end. Nothing of a checked request is recorded before its end.
 */
final class Records implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(Records.class);

	private static final Duration SOON = Duration.ofMillis(250);

	private final KeptRepository rows;

	private final UploadId upload;

	private final Writers.Writer writer;

	private final AppendRequest request;

	private final List<StoredPart> unrecorded = new ArrayList<>();

	private final long before;

	private Checksum inParts;

	private Checksum rest = Checksum.EMPTY;

	private boolean isUnchanged = true;

	private boolean closed;

	Records(KeptRepository rows, UploadId upload, Writers.Writer writer, AppendRequest request, Kept before) {
		this.rows = rows;
		this.upload = upload;
		this.writer = writer;
		this.request = request;
		this.before = before.offset();
		this.inParts = before.stored();
	}

	/** How many bytes are recorded. */
	synchronized long offset() {
		return this.isUnchanged ? this.before : this.inParts.length() + this.rest.length();
	}

	/** What is in all recorded parts. */
	synchronized Checksum inParts() {
		return this.inParts;
	}

	/** The store has more parts. */
	synchronized void stored(List<StoredPart> parts) {
		if (this.unrecorded.isEmpty() && !this.request.isChecked()) {
			Thread.ofVirtual().start(this::recordSoon);
		}
		this.unrecorded.addAll(parts);
	}

	/** For a client that falls silent after its part. */
	private void recordSoon() {
		try {
			Thread.sleep(SOON);
			recordUnlessClosed();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (AppendException | DataAccessException ex) {
			// the request itself finds out
			logger.debug("Could not record parts of {}: {}", this.upload, ex.getMessage());
		}
	}

	private synchronized void recordUnlessClosed() {
		if (!this.closed) {
			record();
		}
	}

	/** Records all parts. */
	synchronized void record() {
		if (!this.unrecorded.isEmpty()) {
			Checksum all = all();
			require(this.rows.stored(this.upload, this.writer.number(), this.unrecorded, all));
			setRecorded(all);
		}
	}

	/** Records what the request leaves, which ends it as the writer. */
	synchronized void recordLast(Optional<Checksum> left) {
		if (!this.unrecorded.isEmpty() || left.isPresent()) {
			Checksum all = all();
			require(this.rows.left(this.upload, this.writer.number(), this.unrecorded, all, left.orElse(Checksum.EMPTY),
					this.writer.deadline()));
			this.writer.released();
			this.rest = left.orElse(Checksum.EMPTY);
			setRecorded(all);
		}
	}

	/** What the store has is kept although the request fails, unless it is checked. */
	synchronized void recordAfter(Throwable failure) {
		if (!this.request.isChecked()) {
			try {
				record();
			}
			catch (AppendException | DataAccessException ex) {
				failure.addSuppressed(ex);
			}
		}
	}

	private Checksum all() {
		return this.unrecorded.stream().map(StoredPart::checksum).reduce(this.inParts, Checksum::then);
	}

	private void setRecorded(Checksum all) {
		this.inParts = all;
		this.unrecorded.clear();
		this.isUnchanged = false;
		this.request.progress().accept(offset());
	}

	private void require(boolean isWriter) {
		if (!isWriter) {
			throw new AppendException.TakenOver(this.upload);
		}
	}

	/** Records nothing from now on. */
	@Override
	public synchronized void close() {
		this.closed = true;
	}

}
