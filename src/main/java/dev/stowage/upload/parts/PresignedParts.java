package dev.stowage.upload.parts;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import dev.stowage.file.FileException;
import dev.stowage.file.FileId;
import dev.stowage.file.FileName;
import dev.stowage.file.FileStatus;
import dev.stowage.file.Files;
import dev.stowage.file.ObjectKeys;
import dev.stowage.file.Purpose;
import dev.stowage.file.StoredFile;
import dev.stowage.file.UploadMethod;
import dev.stowage.owner.Owner;
import dev.stowage.storage.ObjectStore;
import dev.stowage.storage.ObjectStoreException;
import dev.stowage.upload.Created;
import dev.stowage.upload.IdempotencyKey;
import dev.stowage.upload.IdempotentUploads;
import dev.stowage.upload.UploadProperties;
import dev.stowage.upload.pending.PendingSlots;

import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Service;

/**
 * Files whose parts go directly to the store, each to a signed URL of its own, for files
 * that one {@code PUT} cannot carry. The row names all parts from the start. The file
 * stays pending for as long as its client asks for URLs.
 * <p>
 * Methods throw {@link FileException} for errors that the client can correct,
 * {@link ObjectStoreException} or {@link DataAccessException} when store or database
 * fail.
 */
@Service
public class PresignedParts {

	/** How many URLs an answer has at most. */
	private static final int PAGE = 100;

	private static final String JSON = "application/json";

	private final Files files;

	private final PresignedPartRepository parts;

	private final IdempotentUploads rows;

	private final PendingSlots slots;

	private final PresignedPartCompletions completions;

	private final ObjectStore store;

	private final UploadProperties properties;

	private final Clock clock;

	PresignedParts(Files files, PresignedPartRepository parts, IdempotentUploads rows, PendingSlots slots,
			PresignedPartCompletions completions, ObjectStore store, UploadProperties properties, Clock clock) {
		this.files = files;
		this.parts = parts;
		this.rows = rows;
		this.slots = slots;
		this.completions = completions;
		this.store = store;
		this.properties = properties;
		this.clock = clock;
	}

	/** Whether a file of the owner was created in parts. */
	public boolean isInParts(Owner owner, FileId id) {
		return this.files.get(owner, id).method() == UploadMethod.PRESIGNED_PARTS;
	}

	/** Whether this many bytes are more than one {@code PUT} can carry. */
	public boolean areNeededFor(long bytes) {
		return bytes > this.store.maxCopySize();
	}

	/**
	 * Starts an upload: a pending file, and URLs for its first parts. If an earlier
	 * request with the key did so, these are fresh URLs for the same file.
	 * @param bytes how many bytes the file will have
	 * @param metadata what the client says of it, as a JSON object of texts
	 */
	public Created<PartUrls> grant(Owner owner, Optional<IdempotencyKey> key, String filename, Purpose purpose,
			long bytes, Optional<String> metadata) {
		FileName name = FileName.ofJson(filename);
		this.properties.presigned().requireSize(bytes);
		Instant instant = this.clock.instant();
		Instant now = instant.truncatedTo(ChronoUnit.SECONDS);
		FileId id = FileId.createdAt(instant);
		PartLayout layout = PartLayout.of(bytes);
		StoredFile file = new StoredFile(id, owner, UploadMethod.PRESIGNED_PARTS, FileStatus.PENDING, purpose, name,
				JSON, 0, now, this.properties.expiry(now, purpose, Optional.empty()), ObjectKeys.copy(id, 1),
				OptionalLong.empty(), metadata);
		PartUrls urls = urls(file, layout, 1);
		IdempotencyKey.Use use = new IdempotencyKey.Use(id, file.method(), Optional
			.of(new IdempotencyKey.Asked(purpose, name, bytes, Optional.empty(), OptionalLong.empty(), metadata)));
		return this.rows.addPending(owner, key, use, (slot) -> this.parts.add(file, layout, end(now), slot))
			.map((earlier) -> new Created<>(urls(owner, earlier.id(), 1), true))
			.orElseGet(() -> new Created<>(urls, false));
	}

	/**
	 * Until when a part may arrive whose URL is signed now, and the file be completed.
	 */
	private Instant end(Instant now) {
		return now.plus(this.properties.uploadUrlTtl()).plus(this.properties.presigned().completionWindow());
	}

	/**
	 * Signs URLs for parts, from a number on. The file may be completed for as long after
	 * that as after its creation.
	 */
	public PartUrls urls(Owner owner, FileId id, int from) {
		StoredFile file = this.files.get(owner, id);
		PresignedPartCompletions.requirePending(file);
		PartLayout layout = this.parts.extend(id, end(this.clock.instant()))
			.orElseThrow(() -> new FileException.AlreadyCompleted(id));
		if (from > layout.count()) {
			throw new FileException.InvalidParameter("from", "The file has " + layout.count() + " parts.");
		}
		return urls(file, layout, from);
	}

	private PartUrls urls(StoredFile file, PartLayout layout, int from) {
		Duration ttl = this.properties.uploadUrlTtl();
		List<PartUrls.PartUrl> urls = new ArrayList<>();
		for (int number = from; number <= layout.count() && urls.size() < PAGE; number++) {
			long size = layout.size(number);
			urls.add(new PartUrls.PartUrl(number, this.store.signPut(layout.key(file.id(), number), ttl, size), size));
		}
		return new PartUrls(file, urls, from + urls.size() <= layout.count());
	}

	/**
	 * Verifies what was sent to the signed URLs, and makes it the file permanently.
	 * @param sent all parts, in any order
	 */
	public StoredFile complete(Owner owner, FileId id, List<SentPart> sent) {
		StoredFile file = this.completions.complete(owner, id, sent);
		this.slots.freed(owner);
		return file;
	}

}
