package dev.stowage.upload;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.OptionalLong;

import dev.stowage.file.FileException;
import dev.stowage.file.FileId;
import dev.stowage.file.FileStatus;
import dev.stowage.file.Files;
import dev.stowage.file.StoredFile;
import dev.stowage.file.UploadMethod;
import dev.stowage.owner.Owner;
import dev.stowage.quota.QuotaException;
import dev.stowage.storage.ObjectInfo;
import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectStore;
import dev.stowage.upload.pending.Claims;
import dev.stowage.upload.pending.Turns;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

/**
 * Turns uploads to signed URLs into files: verify, copy, then change the status.
 * Verifying reads every byte. Therefore a file is verified by one request at a time on
 * all instances, an object that was found invalid is not read again, and each owner has a
 * few turns on this instance.
 */
@Component
class Completions {

	private static final Logger logger = LoggerFactory.getLogger(Completions.class);

	/** A larger object is not read before it is known that there is room for it. */
	private static final long COUNTED_FIRST = 1 << 20;

	private final Files files;

	private final UploadRepository uploads;

	private final Claims claims;

	private final IdempotencyRepository grants;

	private final Clock clock;

	private final StagedUploads staging;

	private final Duration uploadUrlTtl;

	private final Duration completionWindow;

	private final Turns turns;

	Completions(Files files, UploadRepository uploads, IdempotencyRepository grants, Claims claims, Turns turns,
			ObjectStore store, JsonVerification json, UploadProperties properties, Clock clock) {
		this.files = files;
		this.grants = grants;
		this.uploads = uploads;
		this.claims = claims;
		this.turns = turns;
		this.clock = clock;
		this.uploadUrlTtl = properties.uploadUrlTtl();
		this.completionWindow = properties.presigned().completionWindow();
		this.staging = new StagedUploads(store, json,
				Math.min(properties.presigned().maxSize().toBytes(), store.maxCopySize()));
	}

	/** Verifies what was sent to the signed URL, and makes it the file. */
	StoredFile complete(Owner owner, FileId id) {
		StoredFile file = this.files.get(owner, id);
		requireCompletable(file);
		this.turns.take(owner);
		try {
			return completePending(file);
		}
		catch (FileException.NotUploaded | FileException.Replaced | FileException.AlreadyCompleted
				| FileException.BeingCompleted ex) {
			// the file may be completed or deleted by now, and its staged object swept
			requireCompletable(this.files.get(owner, id));
			throw ex;
		}
		catch (FileException.NotJson ex) {
			throw isUrlEnded(file)
					? new FileException.NotJson(ex.getMessage() + ". Its upload_url has ended: create a new file.")
					: ex;
		}
		finally {
			this.turns.giveBack(owner);
		}
	}

	private static void requireCompletable(StoredFile file) {
		if (file.method() != UploadMethod.PRESIGNED) {
			throw new FileException.InvalidParameter("id",
					"The file " + file.id() + " was not created with an upload_url, so there is nothing to complete.");
		}
		if (file.status() != FileStatus.PENDING) {
			throw new FileException.AlreadyCompleted(file.id());
		}
	}

	private StoredFile completePending(StoredFile file) {
		ObjectInfo staged = this.staging.find(file.id(), isUrlEnded(file));
		return this.claims.hold(file.id(), staged.etag(), (claim) -> {
			if (staged.size() > COUNTED_FIRST) {
				this.uploads.declare(file.id(), staged.size());
			}
			return copy(file, verify(staged, claim), claim);
		});
	}

	/** A grant that was repeated with its key has a later URL. */
	private boolean isUrlEnded(StoredFile file) {
		return now().isAfter(file.createdAt().plus(this.uploadUrlTtl)) && this.grants.uploadEndsAt(file.id())
			.map((ends) -> now().isAfter(ends.minus(this.completionWindow)))
			.orElse(true);
	}

	private StagedUploads.Verified verify(ObjectInfo staged, Claims.Claim claim) {
		try {
			return this.staging.verify(claim.id(), staged, claim::over);
		}
		catch (FileException.NotJson ex) {
			claim.refuse(staged.etag(), String.valueOf(ex.getMessage()));
			throw ex;
		}
	}

	private StoredFile copy(StoredFile file, StagedUploads.Verified staged, Claims.Claim claim) {
		FileId id = file.id();
		ObjectKey target = claim.nameCopy().orElseThrow(() -> new FileException.AlreadyCompleted(id));
		ObjectInfo copy = this.staging.copy(id, staged, target);
		try {
			if (!claim.complete(staged.checksum(), copy.key())) {
				throw new FileException.AlreadyCompleted(id);
			}
		}
		catch (FileException.AlreadyCompleted | QuotaException ex) {
			this.staging.discard(copy.key());
			throw ex;
		}
		logger.info("Completed {}: {} bytes", id, copy.size());
		return new StoredFile(id, file.owner(), file.method(), FileStatus.AVAILABLE, file.purpose(), file.name(),
				file.contentType(), copy.size(), file.createdAt(), file.expiresAt(), copy.key(),
				OptionalLong.of(staged.checksum().crc32c()), file.metadata());
	}

	private Instant now() {
		return this.clock.instant().truncatedTo(ChronoUnit.SECONDS);
	}

}
