package dev.stowage.storage.s3;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import dev.stowage.storage.ObjectStoreException;
import dev.stowage.storage.SignedUploadsOffException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Allows upload URLs once a {@link HeaderProbe} has shown that they cannot be misused.
 * The verdict is valid until the server stops. A store that was unreachable at the start
 * is probed before the first URL is signed.
 */
final class UploadGate {

	private static final Logger logger = LoggerFactory.getLogger(UploadGate.class);

	/** How long requests wait for a probe that is running. */
	private static final Duration WAIT = Duration.ofSeconds(5);

	/**
	 * How long the result of a failed probe is reused, while the store may be
	 * unreachable.
	 */
	private static final Duration PAUSE = Duration.ofSeconds(5);

	private final HeaderProbe probe;

	private final boolean uploadCredential;

	private final ReentrantLock probing = new ReentrantLock();

	private volatile Verdict verdict = Verdict.UNKNOWN;

	private @Nullable ObjectStoreException failure;

	private long failedAt;

	UploadGate(HeaderProbe probe, boolean uploadCredential) {
		this.probe = probe;
		this.uploadCredential = uploadCredential;
	}

	/** Probes the store now, if it is reachable. */
	void tryToOpen() {
		try {
			requireOpen();
		}
		catch (ObjectStoreException | SignedUploadsOffException ex) {
			// already logged
		}
	}

	/**
	 * Returns when upload URLs may be issued.
	 * @throws SignedUploadsOffException if they may not
	 * @throws ObjectStoreException if this is not known because the store does not answer
	 */
	void requireOpen() {
		if (this.verdict == Verdict.UNKNOWN) {
			decide();
		}
		if (this.verdict == Verdict.MISUSABLE) {
			throw new SignedUploadsOffException();
		}
	}

	private void decide() {
		boolean ours = false;
		try {
			ours = this.probing.tryLock(WAIT.toMillis(), TimeUnit.MILLISECONDS);
			if (!ours) {
				throw new ObjectStoreException("The store is still being probed", null);
			}
			if (this.verdict == Verdict.UNKNOWN) {
				probe();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new ObjectStoreException("Interrupted while the store was probed", ex);
		}
		finally {
			if (ours) {
				this.probing.unlock();
			}
		}
	}

	private void probe() {
		if (this.failure != null && System.nanoTime() - this.failedAt < PAUSE.toNanos()) {
			throw new ObjectStoreException("The store could not be probed: " + this.failure.getMessage(), this.failure);
		}
		try {
			List<String> misusable = this.probe.misusable();
			this.failure = null;
			this.verdict = misusable.isEmpty() ? Verdict.SAFE : Verdict.MISUSABLE;
			if (!misusable.isEmpty()) {
				logger.error("{}", report(misusable));
			}
		}
		catch (ObjectStoreException ex) {
			logger.warn("No upload URLs are issued until the store can be probed: {}", ex.getMessage());
			this.failedAt = System.nanoTime();
			this.failure = ex;
			throw ex;
		}
	}

	private String report(List<String> misusable) {
		String found = "Upload URLs are off, and POST /v1/files with JSON answers 503 presigned_uploads_off. The holder"
				+ " of such a URL can add " + String.join(", ", misusable) + " to the PUT, which would read other"
				+ " owners' files or publish the upload. ";
		return found + (this.uploadCredential
				? "The upload credential (STOWAGE_S3_UPLOAD_ACCESS_KEY_ID) has too many permissions. Let its policy allow"
						+ " only s3:PutObject on staging/*, as src/docs/operations.md shows, and restart the server."
				: "Use a version of the store's engine that refuses unsigned x-amz-* headers (S3Proxy does from"
						+ " 4.1.1), or set STOWAGE_S3_UPLOAD_ACCESS_KEY_ID and STOWAGE_S3_UPLOAD_SECRET_ACCESS_KEY to a"
						+ " credential that is only allowed s3:PutObject on staging/*, as src/docs/operations.md shows,"
						+ " and restart the server.");
	}

	/** What is known about the store. */
	private enum Verdict {

		UNKNOWN, SAFE, MISUSABLE

	}

}
