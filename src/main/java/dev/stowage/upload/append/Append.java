package dev.stowage.upload.append;

import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import dev.stowage.file.CheckedContent;
import dev.stowage.file.FileException;
import dev.stowage.file.FileId;
import dev.stowage.file.ObjectKeys;
import dev.stowage.quota.QuotaException;
import dev.stowage.storage.Checksum;
import dev.stowage.storage.GrowingObject;
import dev.stowage.storage.GrowingObject.StoredPart;
import dev.stowage.storage.IncomingBytes;
import dev.stowage.storage.ObjectDamagedException;
import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectStore;
import dev.stowage.storage.ObjectTooLargeException;
import dev.stowage.storage.UploadStalledException;
import dev.stowage.upload.NewFile;
import org.jspecify.annotations.Nullable;

/**
 * One request that appends to an upload. What the last request left behind the parts is
 * read first, then what the client sends. Parts are recorded as they are stored; what is
 * too small for one is left for the next request.
 */
final class Append implements GrowingObject.Log {

	private final KeptRepository rows;

	private final ObjectStore store;

	private final AppendedUpload upload;

	private final Kept before;

	private final Writers.Writer writer;

	private final AppendRequest request;

	private final ClientStream client;

	private final Records records;

	private GrowingObject object;

	private Optional<Checksum> rest = Optional.empty();

	private boolean end;

	private @Nullable QuotaException refused;

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
		this.records = new Records(rows, upload.id(), writer, request, before);
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
			if (this.refused != null) {
				throw this.refused;
			}
			this.client.throwFailure();
			return Optional.empty();
		}
		try (this.records) {
			return append(limit);
		}
	}

	private Optional<Finished> append(long limit) throws IOException, ObjectTooLargeException {
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
			this.records.recordAfter(ex);
			throw ex;
		}
		if (this.end) {
			this.records.record();
			return Optional.of(finish());
		}
		this.records.recordLast(this.rest);
		if (this.refused != null) {
			throw this.refused;
		}
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
		if (!this.rows.begun(this.upload.id(), this.writer.number(), this.object.key(), storeUpload)) {
			throw new AppendException.TakenOver(this.upload.id());
		}
		this.object = new GrowingObject(this.object.key(), Optional.of(storeUpload), 0);
	}

	@Override
	public void stored(List<StoredPart> parts) {
		this.records.stored(parts);
	}

	/** How many bytes are kept. */
	long offset() {
		return this.records.offset();
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
				end(total);
			}
		}
		return this.end;
	}

	/** Bytes for which there is no room are kept, so that only the end is repeated. */
	private void end(long length) {
		try {
			this.rows.setLength(this.upload.id(), length);
		}
		catch (QuotaException ex) {
			this.refused = ex;
			this.end = false;
		}
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
		Checksum all = this.records.inParts();
		this.store.finish(this.object, this.rows.parts(this.upload.id()), all.length());
		return new Finished(this.object.key(), all, true);
	}

	/**
	 * An object with all bytes of the file.
	 *
	 * @param hasRemains whether other objects or uploads may remain
	 */
	record Finished(ObjectKey key, Checksum bytes, boolean hasRemains) {
	}

}
