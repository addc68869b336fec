package dev.stowage.upload;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntPredicate;
import java.util.zip.CRC32C;

import dev.stowage.database.Changes;
import dev.stowage.file.FileException;
import dev.stowage.file.FileId;
import dev.stowage.file.StoredFile;
import dev.stowage.file.UploadMethod;
import dev.stowage.owner.Owner;
import dev.stowage.storage.Checksum;
import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.StoreFullException;
import dev.stowage.upload.pending.PendingSlots;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Writes the rows of uploads, each together with that of its key if the request has one,
 * so that a key never costs a commit of its own. Compares a repeat with the first request
 * and answers it.
 */
@Component
public class IdempotentUploads {

	private static final Logger logger = LoggerFactory.getLogger(IdempotentUploads.class);

	private static final int BUFFER = 8 * 1024;

	private final UploadRepository uploads;

	private final IdempotencyRepository grants;

	private final IdempotencyKeys keys;

	private final PendingSlots slots;

	private final Leases leases;

	private final long maxFileSize;

	IdempotentUploads(UploadRepository uploads, IdempotencyRepository grants, IdempotencyKeys keys, PendingSlots slots,
			Leases leases, UploadProperties properties) {
		this.uploads = uploads;
		this.grants = grants;
		this.keys = keys;
		this.slots = slots;
		this.leases = leases;
		this.maxFileSize = properties.maxFileSize().toBytes();
	}

	/**
	 * Adds a pending upload, unless an earlier request with its key was answered, which
	 * is returned.
	 * @throws FileException.KeyInUse if that request is in progress
	 * @throws FileException.KeyReused if it had another style
	 */
	Optional<IdempotencyKey.Earlier> addMultipart(UploadRepository.BegunUpload upload, Optional<IdempotencyKey> key) {
		if (key.isEmpty()) {
			this.uploads.addMultipart(upload);
			return Optional.empty();
		}
		Optional<IdempotencyKey.Earlier> earlier;
		try {
			earlier = claim(upload, key.get());
		}
		catch (DataAccessException ex) {
			releaseUncertain(upload, key.get(), ex);
			throw ex;
		}
		earlier.ifPresent((its) -> {
			its.requireSameMethod();
			if (!its.isAnswered()) {
				throw new FileException.KeyInUse();
			}
		});
		return earlier;
	}

	private Optional<IdempotencyKey.Earlier> claim(UploadRepository.BegunUpload upload, IdempotencyKey key) {
		try {
			if (this.uploads.addMultipart(upload, key, this.keys.keptUntil())) {
				return Optional.empty();
			}
		}
		catch (StoreFullException ex) {
			// a repeat takes no room
			return Optional.of(this.keys.find(upload.owner(), key, UploadMethod.MULTIPART).orElseThrow(() -> ex));
		}
		return this.keys.claim(upload.owner(), key,
				new IdempotencyKey.Use(upload.id(), UploadMethod.MULTIPART, Optional.empty()), () -> {
					this.uploads.addMultipart(upload);
					return true;
				})
			.earlier();
	}

	/**
	 * A claim whose answer was lost may have been made, and would hold the key until the
	 * row's deadline.
	 */
	private void releaseUncertain(UploadRepository.BegunUpload upload, IdempotencyKey key, DataAccessException cause) {
		if (Changes.wasNeverSent(cause)) {
			return;
		}
		Instant now = upload.createdAt();
		try {
			this.keys.free(upload.owner(), key, upload.id(),
					() -> this.uploads.abandon(upload.id(), upload.owner(), upload.place(), now, now));
		}
		catch (DataAccessException ex) {
			logger.warn("Could not mark upload {} as failed; the sweeper removes it after its deadline: {}",
					upload.id(), ex.getMessage());
		}
	}

	/**
	 * Makes a pending upload available, and sets the answer of its key; false when it is
	 * no longer pending or has lost the key.
	 * @param lifetime for which the client asked
	 */
	boolean completeMultipart(StoredFile file, Optional<IdempotencyKey> key, Optional<Duration> lifetime) {
		return key.map((its) -> this.uploads.completeMultipart(file, its, lifetime))
			.orElseGet(() -> this.uploads.completeMultipart(file));
	}

	/** Marks an upload as failed, and frees its key. */
	void abandonMultipart(FileId id, Owner owner, Optional<IdempotencyKey> key, ObjectKey place, Instant now,
			Instant uploadEndsAt) {
		Runnable abandon = () -> this.uploads.abandon(id, owner, place, now, uploadEndsAt);
		key.ifPresentOrElse((its) -> this.keys.free(owner, its, id, abandon), abandon);
	}

	/**
	 * Reads a repeated upload only to compare it, without upload memory and without the
	 * store, and returns the file of the first one, which may be deleted by now.
	 * @throws FileException.KeyReused if it is not the same file
	 * @throws FileException as for the first one, such as for a file that is too large
	 */
	StoredFile replay(IdempotencyKey.Earlier earlier, IncomingFile again) throws IOException {
		Checksum bytes = read(again);
		NewFile said = again.describe();
		said.requireSize(bytes.length());
		earlier.requireSame(IdempotencyKey.Asked.of(said, bytes));
		logger.info("Answered a repeated upload of {}", earlier.id());
		return earlier.file().orElseThrow();
	}

	private Checksum read(IncomingFile incoming) throws IOException {
		long allowed = NewFile.limit(incoming.knownPurpose(), this.maxFileSize);
		InputStream bytes = incoming.bytes();
		CRC32C sum = new CRC32C();
		byte[] buffer = new byte[BUFFER];
		long length = 0;
		for (int count = bytes.read(buffer); count >= 0; count = bytes.read(buffer)) {
			this.leases.countReceived(count);
			length += count;
			if (length > allowed) {
				throw NewFile.tooLarge(allowed, this.maxFileSize);
			}
			sum.update(buffer, 0, count);
		}
		return NewFile.requireBytes(Checksum.of(length, sum));
	}

	/**
	 * Adds a pending file whose bytes go directly to the store until the given time, or
	 * gives that of an earlier request with the key as much time.
	 * @param bytes how many bytes the client said it would have; 0 if it has not said
	 * @return the file that is pending
	 * @throws FileException.AlreadyCompleted if the earlier one is not pending
	 * @throws FileException.KeyReused if the earlier request asked for something else
	 */
	StoredFile addPresigned(StoredFile file, Optional<IdempotencyKey> key, long bytes, Instant uploadEndsAt) {
		IdempotencyKey.Asked asked = new IdempotencyKey.Asked(file.purpose(), file.name(), bytes, Optional.empty(),
				OptionalLong.empty(), file.metadata());
		IdempotencyKey.Use use = new IdempotencyKey.Use(file.id(), file.method(), Optional.of(asked));
		IntPredicate addAt = (slot) -> this.uploads.addPresigned(file, bytes, uploadEndsAt, slot);
		Optional<IdempotencyKey.Earlier> earlier = addPending(file.owner(), key, use, addAt);
		// until it is neither pending nor completed, and the key is free
		while (earlier.isPresent()) {
			if (!earlier.get().isPending()) {
				throw new FileException.AlreadyCompleted(earlier.get().id());
			}
			if (this.grants.extend(earlier.get().id(), uploadEndsAt)) {
				return earlier.get().file().orElseThrow();
			}
			earlier = addPending(file.owner(), key, use, addAt);
		}
		return file;
	}

	/**
	 * Adds a pending file, unless an earlier request with its key did so, which is
	 * returned.
	 * @param use the file, and what the client asks for
	 * @param addAt adds its row with a slot; false if another file of the owner has it
	 * @throws FileException.KeyReused if the earlier request asked for something else
	 * @throws FileException.TooManyPending when the owner has as many as it may have
	 */
	public Optional<IdempotencyKey.Earlier> addPending(Owner owner, Optional<IdempotencyKey> key,
			IdempotencyKey.Use use, IntPredicate addAt) {
		if (key.isEmpty()) {
			this.slots.add(owner, addAt);
			return Optional.empty();
		}
		Optional<IdempotencyKey.Earlier> earlier = claim(owner, key.get(), use, addAt);
		earlier.ifPresent((its) -> its.requireSame(use.asked().orElseThrow()));
		return earlier;
	}

	private Optional<IdempotencyKey.Earlier> claim(Owner owner, IdempotencyKey key, IdempotencyKey.Use use,
			IntPredicate addAt) {
		AtomicReference<Optional<IdempotencyKey.Earlier>> found = new AtomicReference<>(Optional.empty());
		try {
			this.slots.add(owner, (slot) -> {
				IdempotencyKeys.Claim claim = this.keys.claim(owner, key, use, () -> addAt.test(slot));
				found.set(claim.earlier());
				return claim.isMade() || claim.earlier().isPresent();
			});
		}
		catch (FileException.TooManyPending ex) {
			// a repeat takes no slot
			found.set(Optional.of(this.keys.find(owner, key, use.method()).orElseThrow(() -> ex)));
		}
		return found.get();
	}

}
