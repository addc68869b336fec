package dev.stowage.upload.parts;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
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
 * Uploads that take more than one request: create, add parts, then complete or cancel. An
 * upload is a pending file. Each part is an object of its own, named by the upload's row
 * before it exists. Complete makes one object of them. The sweeper removes the parts, and
 * uploads that are not completed in time.
 * <p>
 * Methods throw {@link UploadException} or {@link FileException} for errors that the
 * client can correct, {@link ObjectStoreException} or {@link DataAccessException} when
 * store or database fail.
 */
@Service
public class Uploads {

	private static final Logger logger = LoggerFactory.getLogger(Uploads.class);

	private final PartRepository rows;

	private final IdempotentUploads pending;

	private final PendingSlots slots;

	private final PartReception reception;

	private final PartCompletions completions;

	private final Files files;

	private final PartProperties.Uploads properties;

	private final UploadProperties expiries;

	private final Clock clock;

	Uploads(PartRepository rows, IdempotentUploads pending, PendingSlots slots, PartReception reception,
			PartCompletions completions, Files files, PartProperties properties, UploadProperties expiries,
			Clock clock) {
		this.pending = pending;
		this.rows = rows;
		this.slots = slots;
		this.reception = reception;
		this.completions = completions;
		this.files = files;
		this.properties = properties.uploads();
		this.expiries = expiries;
		this.clock = clock;
	}

	/**
	 * Starts an upload. If an earlier request with the key did so, this is that upload as
	 * it is now.
	 * @param bytes how many bytes the file will have
	 */
	public Created<Upload> create(Owner owner, Optional<IdempotencyKey> key, NewFile file, long bytes) {
		long limit = this.properties.maxSize().toBytes();
		if (bytes < 1 || bytes > limit) {
			throw new FileException.InvalidParameter("bytes", "'bytes' must be from 1 to " + limit + ".");
		}
		file.requireSize(bytes);
		Instant instant = this.clock.instant();
		Instant now = instant.truncatedTo(ChronoUnit.SECONDS);
		UploadId id = new UploadId(FileId.createdAt(instant));
		Upload upload = new Upload(id, owner, UploadStatus.PENDING, file.purpose(), file.name(), file.contentType(),
				bytes, now, now.plus(this.properties.life()), Optional.empty());
		Optional<Instant> expiry = this.expiries.expiry(now, file.purpose(), file.lifetime());
		IdempotencyKey.Use use = new IdempotencyKey.Use(id.file(), UploadMethod.PARTS,
				Optional.of(new IdempotencyKey.Asked(file.purpose(), file.name(), bytes, file.lifetime(),
						OptionalLong.empty(), file.metadata())));
		return this.pending.addPending(owner, key, use, (slot) -> this.rows.add(upload, expiry, file.metadata(), slot))
			.map((earlier) -> new Created<>(get(owner, new UploadId(earlier.id())), true))
			.orElseGet(() -> new Created<>(upload, false));
	}

	/**
	 * An upload of the owner, in parts or appended, with its file once it is completed.
	 */
	public Upload get(Owner owner, UploadId id) {
		Upload upload = this.rows.find(owner, id, now())
			.or(() -> this.rows.findAppended(owner, id, now()))
			.orElseThrow(() -> new UploadException.NotFound(id.value()));
		if (upload.status() != UploadStatus.COMPLETED) {
			return upload;
		}
		try {
			return upload.completed(this.files.get(owner, id.file()));
		}
		catch (FileException.NotFound ex) {
			throw new UploadException.NotFound(id.value());
		}
	}

	private Upload find(Owner owner, UploadId id) {
		return this.rows.find(owner, id, now()).orElseThrow(() -> new UploadException.NotFound(id.value()));
	}

	/**
	 * An upload that takes parts. A request for another one is refused before its body is
	 * read.
	 */
	public Upload requirePending(Owner owner, UploadId id) {
		Upload upload = find(owner, id);
		if (upload.status() != UploadStatus.PENDING) {
			throw new UploadException.NotPending(upload);
		}
		return upload;
	}

	/**
	 * Receives a part. It belongs to the upload once this returns. Parts of one upload
	 * may come at the same time, on any instances.
	 * @throws IOException from the part's own streams, as it was thrown there
	 */
	public UploadPart addPart(Owner owner, UploadId id, IncomingPart incoming) throws IOException {
		Upload upload = requirePending(owner, id);
		try {
			return this.reception.receive(upload, incoming);
		}
		catch (PartReception.EndedException ex) {
			requirePending(owner, id);
			throw new UploadException.TooManyParts(PartProperties.MAX_PARTS);
		}
		catch (ObjectStoreException ex) {
			// the sweeper may have removed what the store misses
			requirePending(owner, id);
			throw ex;
		}
	}

	/**
	 * Makes the upload a file of these parts, in this order. Others are dropped. Repeated
	 * with the same list, it returns the same.
	 * @param ids of parts, as the client sent them
	 * @param md5 of the whole file in hexadecimal digits, to be checked
	 */
	public Upload complete(Owner owner, UploadId id, List<String> ids, Optional<String> md5) {
		Upload upload = find(owner, id);
		if (upload.status() == UploadStatus.PENDING) {
			try {
				this.completions.complete(upload, ids, md5);
			}
			catch (UploadException.BeingCompleted | ObjectStoreException ex) {
				// it may have ended in the meantime, and its parts been removed
				if (find(owner, id).status() == UploadStatus.PENDING) {
					throw ex;
				}
			}
			this.slots.freed(owner);
			upload = find(owner, id);
		}
		if (upload.status() != UploadStatus.COMPLETED || !this.completions.isCompletedWith(upload, ids)) {
			throw new UploadException.NotPending(upload);
		}
		return get(owner, id);
	}

	/** Ends an upload. Repeated, it returns the same. */
	public Upload cancel(Owner owner, UploadId id) {
		if (find(owner, id).status() == UploadStatus.PENDING && this.rows.cancel(id, now())) {
			logger.info("Cancelled {}", id);
			this.slots.freed(owner);
		}
		Upload upload = find(owner, id);
		if (upload.status() != UploadStatus.CANCELLED) {
			throw new UploadException.NotPending(upload);
		}
		return upload;
	}

	/**
	 * Parts that have arrived.
	 * @param after the part after which to begin; empty: with the first
	 */
	public PartPage parts(Owner owner, UploadId id, Optional<PartId> after, int limit) {
		find(owner, id);
		int number = after
			.map((part) -> this.rows.number(id, part)
				.orElseThrow(() -> new FileException.InvalidParameter("after", "The upload has no part " + part + ".")))
			.orElse(0);
		List<UploadPart> found = this.rows.parts(id, number, limit + 1);
		boolean more = found.size() > limit;
		return new PartPage(more ? found.subList(0, limit) : found, more);
	}

	private Instant now() {
		return this.clock.instant().truncatedTo(ChronoUnit.SECONDS);
	}

}
