package dev.stowage.upload.pending;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

import dev.stowage.file.FileException;
import dev.stowage.file.FileId;
import dev.stowage.file.ObjectKeys;
import dev.stowage.quota.QuotaException;
import dev.stowage.storage.Checksum;
import dev.stowage.storage.ObjectKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Keeps other requests, on all instances, from completing the same file. This only saves
 * work: after a claim has run out, two requests may try, and one succeeds. While a claim
 * holds, the sweeper leaves the file alone.
 */
@Component
public class Claims {

	private static final Logger logger = LoggerFactory.getLogger(Claims.class);

	/** How long other instances wait after one ended while it was completing. */
	private static final Duration CLAIM = Duration.ofMinutes(1);

	private static final Duration RENEWAL = Duration.ofSeconds(15);

	/**
	 * A claim that ends later was made before the clock was set back: the version before
	 * claims for three minutes, and another instance's clock may be a minute ahead.
	 */
	private static final Duration LONGEST = Duration.ofMinutes(4);

	/** How long a store call that got no answer may still take effect. */
	public static final Duration SETTLING = Duration.ofMinutes(10);

	/** Longer than any engine's tag and any stored reason. */
	private static final int MOST_KEPT = 1_000;

	private final PendingRepository rows;

	private final Clock clock;

	Claims(PendingRepository rows, Clock clock) {
		this.rows = rows;
		this.clock = clock;
	}

	/**
	 * Completes a pending file while no other request does. The claim is renewed at
	 * intervals, because one call to the store may take longer than a claim, and ends if
	 * the completion fails.
	 * @param etag of the bytes to verify; empty if they are not verified
	 * @param completion makes the file, or throws why it cannot be made
	 * @throws FileException.BeingCompleted when another request has the claim, or the
	 * file is no longer pending
	 * @throws FileException.NotJson when these bytes were refused before
	 */
	public <T> T hold(FileId id, String etag, Function<Claim, T> completion) {
		Claim claim = new Claim(id, etag);
		Thread keeper = Thread.ofVirtual().name("claim").start(claim::keep);
		try {
			return completion.apply(claim);
		}
		catch (Throwable ex) {
			claim.release();
			throw ex;
		}
		finally {
			keeper.interrupt();
		}
	}

	private Instant now() {
		return this.clock.instant().truncatedTo(ChronoUnit.SECONDS);
	}

	/**
	 * Held until the completion fails, the bytes are refused, or the file is completed.
	 */
	public final class Claim {

		private final FileId id;

		private Instant until;

		private Instant renewal;

		private Claim(FileId id, String etag) {
			this.id = id;
			Instant now = now();
			this.until = now.plus(CLAIM);
			this.renewal = now.plus(RENEWAL);
			if (!Claims.this.rows.claim(id, etag, now, this.until, now.plus(LONGEST))) {
				Claims.this.rows.refusal(id, etag).ifPresent((text) -> {
					throw new FileException.NotJson(text);
				});
				throw new FileException.BeingCompleted(id);
			}
		}

		public FileId id() {
			return this.id;
		}

		/** The same bytes; reading them keeps the claim from running out. */
		public InputStream over(InputStream bytes) {
			return new FilterInputStream(bytes) {

				@Override
				public int read(byte[] buffer, int offset, int length) throws IOException {
					renewIfDue();
					return super.read(buffer, offset, length);
				}

			};
		}

		/**
		 * Names a key of its own for the copy that the caller makes. The row then remains
		 * until a call to the store must have ended.
		 * @return empty if the file is no longer pending
		 */
		public Optional<ObjectKey> nameCopy() {
			renew();
			OptionalInt number = Claims.this.rows.nameCopy(this.id, now().plus(SETTLING));
			return number.isPresent() ? Optional.of(ObjectKeys.copy(this.id, number.getAsInt())) : Optional.empty();
		}

		/**
		 * Renews the claim, if that is due; false if the file is no longer pending, or
		 * another request has claimed it.
		 */
		public synchronized boolean renewIfDue() {
			return now().isBefore(this.renewal) || renew();
		}

		/** Like {@link #renewIfDue()}, but in any case. */
		public synchronized boolean renew() {
			Instant now = now();
			Instant next = now.plus(CLAIM);
			boolean held = Claims.this.rows.renew(this.id, this.until, next, now.plus(SETTLING));
			if (held) {
				this.renewal = now.plus(RENEWAL);
				this.until = next;
			}
			return held;
		}

		private void keep() {
			try {
				while (true) {
					Thread.sleep(RENEWAL);
					orLeave(this::renew);
				}
			}
			catch (InterruptedException ex) {
				logger.trace("The completion of {} has ended", this.id);
			}
		}

		/**
		 * Makes the file available under its copy, which ends the claim; false if it is
		 * no longer pending.
		 * @throws QuotaException when its owner may not have so much
		 */
		public boolean complete(Checksum bytes, ObjectKey copy) {
			return Claims.this.rows.complete(this.id, bytes, copy, now());
		}

		/** Ends the claim with the reason why these bytes cannot become the file. */
		public synchronized void refuse(String etag, String reason) {
			if (etag.length() + reason.length() <= MOST_KEPT) {
				orLeave(() -> Claims.this.rows.refuse(this.id, this.until, etag, reason));
			}
		}

		private synchronized void release() {
			orLeave(() -> Claims.this.rows.release(this.id, this.until));
		}

		/** If this fails, the claim runs out by itself. */
		private void orLeave(Runnable change) {
			try {
				change.run();
			}
			catch (DataAccessException ex) {
				logger.warn("Could not change the claim on {}: {}", this.id, ex.getMessage());
			}
		}

	}

}
