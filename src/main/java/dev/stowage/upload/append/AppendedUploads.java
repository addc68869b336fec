package dev.stowage.upload.append;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalLong;

import dev.stowage.file.FileException;
import dev.stowage.file.FileId;
import dev.stowage.file.Files;
import dev.stowage.file.UploadMethod;
import dev.stowage.owner.Owner;
import dev.stowage.storage.ObjectStoreException;
import dev.stowage.upload.Created;
import dev.stowage.upload.IdempotencyKey;
import dev.stowage.upload.IdempotentUploads;
import dev.stowage.upload.NewFile;
import dev.stowage.upload.UploadProperties;
import dev.stowage.upload.pending.PendingSlots;
import dev.stowage.upload.pending.UploadId;
import dev.stowage.upload.pending.UploadStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Service;

/**
 * Uploads that continue where they stopped: create, then append until all bytes are kept.
 * An upload is a pending file. Its bytes become parts of one multipart upload of the
 * file's own object as they come, so the end moves none of them. Any instance can
 * continue, because rows hold all that it needs.
 * <p>
 * Methods throw {@link AppendException} or {@link FileException} for errors that the
 * client can correct, {@link ObjectStoreException} or {@link DataAccessException} when
 * store or database fail.
 */
@Service
public class AppendedUploads {

	private static final Logger logger = LoggerFactory.getLogger(AppendedUploads.class);

	private final AppendRepository rows;

	private final Writers writers;

	private final AppendReception reception;

	private final AppendLimits limits;

	private final IdempotentUploads pending;

	private final PendingSlots slots;

	private final Files files;

	private final UploadProperties expiries;

	private final Clock clock;

	AppendedUploads(AppendRepository rows, Writers writers, AppendReception reception, AppendLimits limits,
			IdempotentUploads pending, PendingSlots slots, Files files, UploadProperties expiries, Clock clock) {
		this.rows = rows;
		this.writers = writers;
		this.reception = reception;
		this.limits = limits;
		this.pending = pending;
		this.slots = slots;
		this.files = files;
		this.expiries = expiries;
		this.clock = clock;
	}

	/** The largest file. */
	public long maxSize() {
		return this.limits.maxSize();
	}

	/** How long after its last byte an upload can be continued. */
	public Duration maxAge() {
		return this.limits.maxAge();
	}

	/** How long an upload can still be continued if no byte comes. */
	public Duration timeLeft(AppendedUpload upload) {
		Duration left = Duration.between(now(), upload.expiresAt());
		return left.isNegative() ? Duration.ZERO : left;
	}

	/**
	 * Starts an upload. If an earlier request with the key did so, this is that upload as
	 * it is now.
	 * @param length how many bytes the file will have, if the client knows
	 * @param metadata what the client wants to read again
	 * @param digest what the client has sent for the whole file. If that has another one
	 * in the end, the upload ends with {@link AppendException.OtherDigest}
	 */
	public Created<AppendedUpload> create(Owner owner, Optional<IdempotencyKey> key, NewFile file, OptionalLong length,
			Optional<String> metadata, Optional<WholeDigest> digest) {
		if (length.isPresent()) {
			this.limits.requireLength(file.purpose(), length.getAsLong());
		}
		Instant instant = this.clock.instant();
		Instant now = instant.truncatedTo(ChronoUnit.SECONDS);
		UploadId id = new UploadId(FileId.createdAt(instant));
		AppendedUpload upload = new AppendedUpload(id, owner, UploadStatus.PENDING, file.purpose(), file.name(),
				file.contentType(), length, 0, now, now.plus(maxAge()), metadata, Optional.empty());
		Optional<Instant> expiry = this.expiries.expiry(now, file.purpose(), file.lifetime());
		IdempotencyKey.Use use = new IdempotencyKey.Use(id.file(), UploadMethod.APPENDED,
				Optional.of(new IdempotencyKey.Asked(file.purpose(), file.name(), length.orElse(0), file.lifetime(),
						OptionalLong.empty(), file.metadata())));
		return this.pending.addPending(owner, key, use, (slot) -> this.rows.add(upload, digest, expiry, slot))
			.map((earlier) -> new Created<>(get(owner, new UploadId(earlier.id())), true))
			.orElseGet(() -> new Created<>(upload, false));
	}

	/** An upload of the owner, with its file once it is completed. */
	public AppendedUpload get(Owner owner, UploadId id) {
		AppendedUpload upload = find(owner, id);
		if (upload.status() != UploadStatus.COMPLETED) {
			return upload;
		}
		try {
			return upload.completed(this.files.get(owner, id.file()));
		}
		catch (FileException.NotFound ex) {
			throw new AppendException.NotFound(id.value());
		}
	}

	private AppendedUpload find(Owner owner, UploadId id) {
		return this.rows.find(owner, id, now()).orElseThrow(() -> new AppendException.NotFound(id.value()));
	}

	/**
	 * An upload that its client may continue at exactly its offset. Ends a request that
	 * is still appending to it, and makes the file if all its bytes are kept.
	 * @throws AppendException.Ended when it was cancelled or has expired
	 */
	public AppendedUpload toContinue(Owner owner, UploadId id) throws IOException {
		AppendedUpload upload = requireNotEnded(find(owner, id));
		if (upload.isOnlyUnfinished()) {
			append(owner, id, AppendRequest.ofNothing(upload.offset()));
		}
		else if (upload.status() == UploadStatus.PENDING && this.writers.isWritten(id)) {
			endOthers(upload);
		}
		return requireNotEnded(get(owner, id));
	}

	private void endOthers(AppendedUpload upload) {
		try (Writers.Writer writer = this.writers.take(upload.id(), () -> {
		})) {
			logger.debug("Request {} of {} ended an older one", writer.number(), upload.id());
		}
		catch (Writers.NotPendingException ex) {
			logger.debug("{} has ended", upload.id());
		}
	}

	private static AppendedUpload requireNotEnded(AppendedUpload upload) {
		if (upload.status() == UploadStatus.CANCELLED || upload.status() == UploadStatus.EXPIRED) {
			throw new AppendException.Ended(upload);
		}
		return upload;
	}

	/**
	 * Appends to an upload, which becomes a file with its last byte. An older request
	 * that is still appending ends first. A request that breaks keeps what came, unless
	 * it is checked.
	 * @return the upload after it
	 * @throws IOException from the client's stream, as it was thrown there
	 */
	public AppendedUpload append(Owner owner, UploadId id, AppendRequest request) throws IOException {
		AppendedUpload upload = requireNotEnded(get(owner, id));
		if (upload.status() == UploadStatus.PENDING) {
			try {
				return this.reception.append(upload, request).orElseGet(() -> get(owner, id));
			}
			catch (Writers.NotPendingException ex) {
				upload = requireNotEnded(get(owner, id));
			}
		}
		return repeated(upload, request);
	}

	/** The last request may be repeated, because its answer may be lost. */
	private static AppendedUpload repeated(AppendedUpload completed, AppendRequest request) throws IOException {
		boolean isSame = request.offset() == completed.offset()
				&& !new ClientStream(request.bytes().bytes(), false).hasBytes();
		if (!isSame) {
			throw new AppendException.WrongOffset(completed.id(), completed.offset(), request.offset());
		}
		return completed;
	}

	/**
	 * Ends a pending upload, and requests that append to it.
	 * @throws AppendException.Completed when it has become a file
	 */
	public void cancel(Owner owner, UploadId id) {
		AppendedUpload upload = requireNotEnded(find(owner, id));
		if (upload.status() == UploadStatus.COMPLETED || !this.rows.cancel(id, now())) {
			requireNotEnded(find(owner, id));
			throw new AppendException.Completed(id);
		}
		this.writers.endOlder(id, Integer.MAX_VALUE);
		this.slots.freed(owner);
		logger.info("Cancelled {}", id);
	}

	/**
	 * Ends an upload that nobody knows, because the request that created it fails. An
	 * upload that another request continues is known.
	 * @param cause why it fails
	 */
	public void abandon(Owner owner, UploadId id, Throwable cause) {
		if (cause instanceof AppendException.TakenOver) {
			return;
		}
		try {
			cancel(owner, id);
		}
		catch (AppendException | DataAccessException ex) {
			// it has ended, or the sweeper removes it after its deadline
			cause.addSuppressed(ex);
		}
	}

	private Instant now() {
		return this.clock.instant().truncatedTo(ChronoUnit.SECONDS);
	}

}
