package dev.stowage.upload.append;

import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import dev.stowage.file.CheckedContent;
import dev.stowage.file.FileException;
import dev.stowage.file.FileId;
import dev.stowage.file.ObjectKeys;
import dev.stowage.storage.Checksum;
import dev.stowage.storage.GrowingObject;
import dev.stowage.storage.IncomingBytes;
import dev.stowage.storage.ObjectDamagedException;
import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectStore;
import dev.stowage.storage.ObjectTooLargeException;
import dev.stowage.storage.GrowingObject.StoredPart;
import dev.stowage.storage.UploadStalledException;
import dev.stowage.upload.NewFile;

/**
 * One request that appends to an upload. What the last request left behind the parts is
 * read first, then what the client sends. Parts are recorded as they are stored; what is
 * too small for one is left for the next request.
 */
final class Append implements GrowingObject.Log {

	/** Parts of a fast client are recorded together, because each record is a commit. */
	private static final long BETWEEN_RECORDS = 250_000_000;

	private final KeptRepository rows;

	private final ObjectStore store;

	private final AppendedUpload upload;

	private final Kept before;

	private final Writers.Writer writer;

	private final AppendRequest request;

	private final ClientStream client;

	private final List<StoredPart> unrecorded = new ArrayList<>();

	private GrowingObject object;

	/** What all parts have. */
	private Checksum inParts;

	private Optional<Checksum> rest = Optional.empty();

	private boolean end;

	private long recorded = System.nanoTime();

	/**
	 * For an upload whose length is known if the client has said it, and that continues
	 * where the request does.
	 */
	Append(KeptRepository rows, ObjectStore store, AppendedUpload upload, Kept before, Writers.Writer writer,
			AppendRequest request, ClientStream client) {
		this.rows = rows;
		this.store = store;
		this.upload = upload;
		this.before = before;
		this.writer = writer;
		this.request = request;
		this.client = client;
		this.inParts = before.stored();
		// an upload without parts may have been aborted
		this.object = (before.parts() > 0) ? before.object()
				: GrowingObject.named(ObjectKeys.copy(file(), writer.number()));
	}

	private FileId file() {
		return this.upload.id().file();
	}

	/**
	 * Reads the request to its end, and keeps what came.
	 * @param limit how large the file may become
	 * @return the object, if the file is whole now
	 * @throws ObjectDamagedException when the store does not have what was kept before
	 */
	Optional<Finished> run(long limit) throws IOException, ObjectTooLargeException {
		if (!this.client.hasBytes() && !isEnd()) {
			this.client.throwFailure();
			return Optional.empty();
		}
		boolean stalled = false;
		try (InputStream kept = openRest()) {
			this.store.append(this.object, new IncomingBytes(new SequenceInputStream(kept, this.client),
					limit - this.before.stored().length(), this.upload.owner().name(), this.request.bytes()::cancel),
					this);
		}
		catch (UploadStalledException ex) {
			if (this.request.isChecked()) {
				throw new FileException.Stalled();
			}
			stalled = true;
		}
		catch (Throwable ex) {
			recordAfter(ex);
			throw ex;
		}
		if (this.end) {
			record();
			return Optional.of(finish());
		}
		recordLast();
		if (stalled) {
			throw new FileException.Stalled();
		}
		this.client.throwFailure();
		return Optional.empty();
	}

	/** Reads nothing if no rest was left. */
	private InputStream openRest() {
		if (!this.before.hasRest()) {
			return InputStream.nullInputStream();
		}
		ObjectKey key = this.before.restKey(file());
		long length = this.before.restBytes().length();
		InputStream bytes = this.store.open(key, length, 0, length)
			.orElseThrow(() -> new ObjectDamagedException(key, "no bytes"));
		return new CheckedContent(bytes, this.before.restBytes(), () -> new ObjectDamagedException(key, "other bytes"));
	}

	@Override
	public void begun(String storeUpload) {
		require(this.rows.begun(this.upload.id(), this.writer.number(), this.object.key(), storeUpload));
		this.object = new GrowingObject(this.object.key(), Optional.of(storeUpload), 0);
	}

	@Override
	public void stored(List<StoredPart> parts) {
		this.unrecorded.addAll(parts);
		if (!this.request.isChecked() && System.nanoTime() - this.recorded > BETWEEN_RECORDS) {
			record();
		}
	}

	private void record() {
		if (!this.unrecorded.isEmpty()) {
			require(this.rows.stored(this.upload.id(), this.writer.number(), this.unrecorded, all()));
			setRecorded();
		}
	}

	/** Records what the request leaves, which ends it as the writer. */
	private void recordLast() {
		if (!this.unrecorded.isEmpty() || this.rest.isPresent()) {
			require(this.rows.left(this.upload.id(), this.writer.number(), this.unrecorded, all(),
					this.rest.orElse(Checksum.EMPTY), this.writer.deadline()));
			this.writer.released();
			setRecorded();
		}
	}

	/** What the store has is kept although the request fails, unless it is checked. */
	private void recordAfter(Throwable failure) {
		if (!this.request.isChecked()) {
			try {
				record();
			}
			catch (RuntimeException ex) {
				failure.addSuppressed(ex);
			}
		}
	}

	private Checksum all() {
		return this.unrecorded.stream().map(StoredPart::checksum).reduce(this.inParts, Checksum::then);
	}

	private void setRecorded() {
		this.inParts = all();
		this.unrecorded.clear();
		this.recorded = System.nanoTime();
		this.request.progress().accept(offset());
	}

	/** How many bytes are kept. */
	long offset() {
		boolean isUnchanged = this.inParts.equals(this.before.stored()) && this.rest.isEmpty();
		return isUnchanged ? this.before.offset() : this.inParts.length() + this.rest.orElse(Checksum.EMPTY).length();
	}

	private void require(boolean isWriter) {
		if (!isWriter) {
			throw new AppendException.TakenOver(this.upload.id());
		}
	}

	@Override
	public boolean isEnd() {
		long total = this.before.offset() + this.client.received();
		boolean isSaid = this.request.isLast() && this.client.isWhole() && !this.writer.isEnded();
		OptionalLong length = this.upload.length();
		if (isSaid && length.isPresent() && total < length.getAsLong()) {
			throw new AppendException.OtherLength(this.upload.id(), length.getAsLong(), total);
		}
		this.end = isSaid || length.equals(OptionalLong.of(total));
		if (this.end) {
			NewFile.requireBytes(new Checksum(total, 0));
			if (length.isEmpty()) {
				// no part may follow the last one, which may be smaller than S3 allows
				this.rows.setLength(this.upload.id(), total);
			}
		}
		return this.end;
	}

	@Override
	public ObjectKey nameRest() {
		return this.end ? this.object.key() : ObjectKeys.part(file(), this.writer.number());
	}

	@Override
	public void kept(Checksum bytes) {
		this.rest = Optional.of(bytes);
	}

	private Finished finish() {
		if (this.rest.isPresent()) {
			// one request or a few short ones
			return new Finished(this.object.key(), this.rest.get(), this.before.hasRest() || this.writer.number() > 1);
		}
		this.store.finish(this.object, this.rows.parts(this.upload.id()), this.inParts.length());
		return new Finished(this.object.key(), this.inParts, true);
	}

	/**
	 * An object with all bytes of the file.
	 *
	 * @param hasRemains whether other objects or uploads may remain
	 */
	record Finished(ObjectKey key, Checksum bytes, boolean hasRemains) {
	}

}
