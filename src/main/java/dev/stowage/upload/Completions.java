package dev.stowage.upload;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.OptionalLong;

import dev.stowage.file.FileException;
import dev.stowage.file.FileId;
import dev.stowage.file.FileStatus;
import dev.stowage.file.Files;
import dev.stowage.file.ObjectKeys;
import dev.stowage.file.StoredFile;
import dev.stowage.file.UploadMethod;
import dev.stowage.owner.Owner;
import dev.stowage.storage.ObjectInfo;
import dev.stowage.storage.ObjectStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.dao.DataAccessException;
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

	/** How long a store call that got no answer may still take effect. */
	private static final Duration SETTLING = Duration.ofMinutes(10);

	/** How long other instances wait after one ended while it was verifying. */
	private static final Duration CLAIM = Duration.ofMinutes(1);

	private static final Duration RENEWAL = Duration.ofSeconds(15);

	/**
	 * Longer than a store may take to copy the largest file, during which it sends
	 * nothing.
	 */
	private static final Duration COPY_CLAIM = Duration.ofMinutes(3);

	/**
	 * How far another instance's clock may be ahead. A claim that ends later was made
	 * before the clock was set back.
	 */
	private static final Duration OTHER_CLOCKS = Duration.ofMinutes(1);

	/** Longer than any engine's tag and any stored reason. */
	private static final int MOST_KEPT = 1_000;

	private final Files files;

	private final UploadRepository uploads;

	private final Clock clock;

	private final StagedUploads staging;

	private final Duration uploadUrlTtl;

	private final Turns turns = new Turns(Duration.ofSeconds(10));

	Completions(Files files, UploadRepository uploads, ObjectStore store, UploadProperties properties, Clock clock) {
		this.files = files;
		this.uploads = uploads;
		this.clock = clock;
		this.uploadUrlTtl = properties.uploadUrlTtl();
		this.staging = new StagedUploads(store, properties.presigned().maxSize().toBytes());
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
		Claim claim = new Claim(file.id(), staged.etag());
		try {
			return copy(file, verify(staged, claim), claim);
		}
		catch (Throwable ex) {
			claim.release();
			throw ex;
		}
	}

	private boolean isUrlEnded(StoredFile file) {
		return now().isAfter(file.createdAt().plus(this.uploadUrlTtl));
	}

	private StagedUploads.Verified verify(ObjectInfo staged, Claim claim) {
		try {
			return this.staging.verify(claim.id, staged, claim::over);
		}
		catch (FileException.NotJson ex) {
			claim.refuse(staged.etag(), String.valueOf(ex.getMessage()));
			throw ex;
		}
	}

	private StoredFile copy(StoredFile file, StagedUploads.Verified staged, Claim claim) {
		FileId id = file.id();
		claim.renew(COPY_CLAIM);
		int number = this.uploads.nameCopy(id, now().plus(SETTLING))
			.orElseThrow(() -> new FileException.AlreadyCompleted(id));
		ObjectInfo copy = this.staging.copy(id, staged, ObjectKeys.copy(id, number));
		if (!this.uploads.completePresigned(id, staged.checksum(), copy.key(), now())) {
			this.staging.discard(copy.key());
			throw new FileException.AlreadyCompleted(id);
		}
		logger.info("Completed {}: {} bytes", id, copy.size());
		return new StoredFile(id, file.owner(), file.method(), FileStatus.AVAILABLE, file.purpose(), file.name(),
				file.contentType(), copy.size(), file.createdAt(), file.expiresAt(), copy.key(),
				OptionalLong.of(staged.checksum().crc32c()));
	}

	private Instant now() {
		return this.clock.instant().truncatedTo(ChronoUnit.SECONDS);
	}

	/**
	 * Keeps other requests from completing the same file. This only saves work: after the
	 * claim has run out, two requests may try, and one succeeds.
	 */
	private final class Claim {

		private final FileId id;

		private Instant until;

		private Instant renewal;

		private Claim(FileId id, String etag) {
			this.id = id;
			Instant now = now();
			this.until = now.plus(CLAIM);
			this.renewal = now.plus(RENEWAL);
			if (!Completions.this.uploads.claimCompletion(id, etag, now, this.until,
					now.plus(COPY_CLAIM).plus(OTHER_CLOCKS))) {
				Completions.this.uploads.refusal(id, etag).ifPresent((text) -> {
					throw new FileException.NotJson(text);
				});
				throw new FileException.BeingCompleted(id);
			}
		}

		/** The same bytes; reading them keeps the claim from running out. */
		private InputStream over(InputStream bytes) {
			return new FilterInputStream(bytes) {

				@Override
				public int read(byte[] buffer, int offset, int length) throws IOException {
					if (!now().isBefore(Claim.this.renewal)) {
						renew(CLAIM);
					}
					return super.read(buffer, offset, length);
				}

			};
		}

		private void renew(Duration validity) {
			Instant now = now();
			this.renewal = now.plus(RENEWAL);
			Instant next = now.plus(validity);
			if (Completions.this.uploads.renewClaim(this.id, this.until, next)) {
				this.until = next;
			}
		}

		private void refuse(String etag, String reason) {
			if (etag.length() + reason.length() <= MOST_KEPT) {
				orLeave(() -> Completions.this.uploads.refuse(this.id, this.until, etag, reason));
			}
		}

		private void release() {
			orLeave(() -> Completions.this.uploads.releaseClaim(this.id, this.until));
		}

		/** If this fails, the claim runs out by itself. */
		private void orLeave(Runnable change) {
			try {
				change.run();
			}
			catch (DataAccessException ex) {
				logger.warn("Could not release the claim on {}: {}", this.id, ex.getMessage());
			}
		}

	}

}
