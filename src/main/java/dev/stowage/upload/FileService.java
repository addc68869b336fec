package dev.stowage.upload;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalLong;

import dev.stowage.file.FileException;
import dev.stowage.file.FileId;
import dev.stowage.file.FileName;
import dev.stowage.file.FileStatus;
import dev.stowage.file.ObjectKeys;
import dev.stowage.file.Purpose;
import dev.stowage.file.StoredFile;
import dev.stowage.file.UploadMethod;
import dev.stowage.owner.Owner;
import dev.stowage.quota.QuotaException;
import dev.stowage.settings.InvalidSettingException;
import dev.stowage.storage.Checksum;
import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectStore;
import dev.stowage.storage.ObjectStoreException;
import dev.stowage.storage.ObjectTooLargeException;
import dev.stowage.storage.SignedRequest;
import dev.stowage.upload.pending.Claims;
import dev.stowage.upload.pending.PendingSlots;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Service;

/**
 * How bytes come in, in both styles: grant and complete for uploads directly to the
 * store, upload for those through the server. An upload writes its row first, its bytes
 * second and its status last. After a failure in between, the remaining row tells the
 * sweeper what to remove. Nothing else cleans up. The store is never called inside a
 * database transaction.
 * <p>
 * Methods throw {@link FileException} for errors that the client can correct,
 * {@link ObjectStoreException} or {@link DataAccessException} when store or database
 * fail.
 */
@Service
public class FileService {

	private static final Logger logger = LoggerFactory.getLogger(FileService.class);

	/** What is sent to upload URLs, and verified to be. */
	private static final String JSON = "application/json";

	private final UploadRepository uploads;

	private final IdempotentUploads rows;

	private final ObjectStore store;

	private final UploadProperties properties;

	private final Clock clock;

	private final Leases leases;

	private final PendingSlots slots;

	private final Reception reception;

	private final Completions completions;

	FileService(UploadRepository uploads, IdempotentUploads rows, PendingSlots slots, Reception reception,
			Completions completions, ObjectStore store, UploadProperties properties, Leases leases, Clock clock) {
		this.rows = rows;
		this.reception = reception;
		this.slots = slots;
		this.completions = completions;
		this.uploads = uploads;
		this.store = store;
		this.properties = properties;
		this.leases = leases;
		this.clock = clock;
		if (properties.maxFileSize().toBytes() > store.maxSize()) {
			throw new InvalidSettingException("stowage.max-file-size is " + properties.maxFileSize().toBytes()
					+ " bytes, but with this heap one upload can have " + store.maxSize()
					+ ". Lower it, or give the JVM more memory");
		}
	}

	/**
	 * Starts a pre-signed upload: a pending file, and a URL for its bytes. If an earlier
	 * request with the key did so, this is another URL for the same file.
	 * @param bytes how many bytes the file must have, if the client says so
	 * @param metadata what the client says of it, as a JSON object of texts
	 */
	public Created<UploadGrant> grant(Owner owner, Optional<IdempotencyKey> key, String filename, Purpose purpose,
			OptionalLong bytes, Optional<String> metadata) {
		FileName name = FileName.ofJson(filename);
		bytes.ifPresent(this.properties.presigned()::requireSize);
		Duration ttl = this.properties.uploadUrlTtl();
		Instant instant = this.clock.instant();
		Instant now = toSecond(instant);
		FileId id = FileId.createdAt(instant);
		StoredFile file = new StoredFile(id, owner, UploadMethod.PRESIGNED, FileStatus.PENDING, purpose, name, JSON, 0,
				now, this.properties.expiry(now, purpose, Optional.empty()), ObjectKeys.staging(id),
				OptionalLong.empty(), metadata);
		// checked before the store, whose probe would fail on a full disk
		this.uploads.requireRoom();
		SignedRequest put = sign(file, bytes);
		Instant ends = now.plus(ttl).plus(this.properties.presigned().completionWindow());
		StoredFile pending = this.rows.addPresigned(file, key, bytes.orElse(0), ends);
		return pending.equals(file) ? new Created<>(new UploadGrant(file, put), false)
				: new Created<>(new UploadGrant(pending, sign(pending, bytes)), true);
	}

	private SignedRequest sign(StoredFile file, OptionalLong bytes) {
		Duration ttl = this.properties.uploadUrlTtl();
		return bytes.isPresent() ? this.store.signPut(file.key(), ttl, bytes.getAsLong())
				: this.store.signPut(file.key(), ttl);
	}

	/** Verifies what was sent to the signed URL, and makes it the file permanently. */
	public StoredFile complete(Owner owner, FileId id) {
		StoredFile file = this.completions.complete(owner, id);
		this.slots.freed(owner);
		return file;
	}

	/**
	 * Receives an upload through the server. The file exists once this returns. With a
	 * key, which is claimed before anything is read, only the first request stores it.
	 * @throws QuotaException when the owner may not have so much
	 * @throws IOException from the upload's own streams, as it was thrown there
	 */
	public Created<StoredFile> upload(Owner owner, Optional<IdempotencyKey> key, IncomingFile.Source source)
			throws IOException {
		// a small form without a key leaves no row if it cannot be read
		Optional<IncomingFile> opened = (key.isPresent() || source.leastBytes() > 0) ? Optional.empty()
				: Optional.of(source.open());
		Instant begun = this.clock.instant();
		FileId id = FileId.createdAt(begun);
		ObjectKey place = ObjectKeys.upload(id);
		Optional<IdempotencyKey.Earlier> earlier = this.rows.addMultipart(new UploadRepository.BegunUpload(id, owner,
				source.leastBytes(), toSecond(begun), place, this.leases.deadline()), key);
		if (earlier.isPresent()) {
			return new Created<>(this.rows.replay(earlier.get(), source.open()), true);
		}
		Leases.Lease lease = this.leases.hold(id);
		try {
			IncomingFile incoming = opened.isPresent() ? opened.get() : source.open();
			Checksum bytes = receive(owner, place, incoming, lease);
			NewFile said = incoming.describe();
			said.requireSize(bytes.length());
			// an upload may take longer than the lifetime of its file
			Instant ended = now();
			StoredFile file = new StoredFile(id, owner, UploadMethod.MULTIPART, FileStatus.AVAILABLE, said.purpose(),
					said.name(), said.contentType(), bytes.length(), ended,
					this.properties.expiry(ended, said.purpose(), said.lifetime()), place,
					OptionalLong.of(bytes.crc32c()), said.metadata());
			if (!this.rows.completeMultipart(file, key, said.lifetime())) {
				throw new FileException.LeaseLost();
			}
			logger.info("Uploaded {}: {} bytes", id, bytes.length());
			return new Created<>(file, false);
		}
		catch (Throwable ex) {
			// the interrupt is passed on
			boolean interrupted = Thread.interrupted();
			abandon(id, owner, key, place, ex);
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
			throw ex;
		}
		finally {
			lease.close();
		}
	}

	private Checksum receive(Owner owner, ObjectKey key, IncomingFile incoming, Leases.Lease lease) throws IOException {
		long limit = this.properties.maxFileSize().toBytes();
		try {
			return NewFile.requireBytes(
					this.reception.receive(owner, key, incoming, NewFile.limit(incoming.knownPurpose(), limit), lease));
		}
		catch (ObjectTooLargeException ex) {
			throw NewFile.tooLarge(ex.limit(), limit);
		}
	}

	/** If even this fails, the row's deadline has the same effect later. */
	private void abandon(FileId id, Owner owner, Optional<IdempotencyKey> key, ObjectKey place, Throwable cause) {
		Instant now = now();
		// an upload that lost its lease may have failed in the store before
		boolean maySettle = cause instanceof ObjectStoreException || cause instanceof FileException.LeaseLost;
		try {
			this.rows.abandonMultipart(id, owner, key, place, now, maySettle ? now.plus(Claims.SETTLING) : now);
		}
		catch (DataAccessException ex) {
			logger.warn("Could not mark upload {} as failed; the sweeper removes it after its deadline: {}", id,
					ex.getMessage());
		}
	}

	private Instant now() {
		return toSecond(this.clock.instant());
	}

	private static Instant toSecond(Instant instant) {
		return instant.truncatedTo(ChronoUnit.SECONDS);
	}

}
