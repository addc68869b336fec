package dev.stowage.security;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import dev.stowage.security.IssuerDocuments.UnusableIssuerException;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The issuer's keys, read when a token first needs them, and again when they are old or
 * lack the key of a token. At most one thread reads, at most once in five seconds and for
 * at most five, whatever tokens arrive. Requests share what it finds.
 */
final class IssuerKeys implements JWKSource<SecurityContext> {

	/** How old keys may be before they are read again. */
	static final Duration FRESH = Duration.ofMinutes(5);

	/** How old keys may be if they cannot be read again. */
	static final Duration USABLE = Duration.ofHours(1);

	/** The time between the starts of two attempts to read. */
	static final Duration PAUSE = Duration.ofSeconds(5);

	/** How long an attempt may take in total, which is how long a request waits. */
	static final Duration LIMIT = Duration.ofSeconds(5);

	private static final ContextSnapshotFactory contexts = ContextSnapshotFactory.builder().build();

	private static final Logger logger = LoggerFactory.getLogger(IssuerKeys.class);

	private final IssuerDocuments issuer;

	private final Clock clock;

	private final Object lock = new Object();

	private @Nullable Attempt last;

	private volatile @Nullable ReadKeys kept;

	IssuerKeys(IssuerDocuments issuer, Clock clock) {
		this.issuer = issuer;
		this.clock = clock;
	}

	/**
	 * The keys that may have signed a token; none if the issuer has none for it.
	 * @throws IssuerUnavailableException if that is unknown
	 */
	@Override
	public List<JWK> get(JWKSelector selector, @Nullable SecurityContext context) throws IssuerUnavailableException {
		Instant now = this.clock.instant();
		ReadKeys before = this.kept;
		List<JWK> found = (before != null) ? selector.select(before.keys()) : List.of();
		if (before != null && !found.isEmpty() && before.isYounger(FRESH, now)) {
			return found;
		}
		boolean usable = before != null && !found.isEmpty() && before.isYounger(USABLE, now);
		Attempt attempt = attempt(now);
		if (usable && attempt.followsFailure()) {
			return found;
		}
		try {
			return selector.select(attempt.keys().get());
		}
		catch (ExecutionException ex) {
			if (usable) {
				return found;
			}
			throw new IssuerUnavailableException("The keys of the issuer cannot be read", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IssuerUnavailableException("The server stops", ex);
		}
	}

	/** The attempt in progress, the last one if that is recent, or a new one. */
	private Attempt attempt(Instant now) {
		synchronized (this.lock) {
			Attempt before = this.last;
			if (before != null && (before.isInProgress()
					|| Duration.between(before.startedAt(), now).abs().compareTo(PAUSE) < 0)) {
				return before;
			}
			Attempt next = start(now, before != null && before.failed());
			this.last = next;
			return next;
		}
	}

	private Attempt start(Instant now, boolean followsFailure) {
		CompletableFuture<JWKSet> keys = new CompletableFuture<>();
		ContextSnapshot context = contexts.captureAll();
		// looking up a name of a host blocks a platform thread anyway
		Thread reader = Thread.ofPlatform().daemon().name("issuer-keys").unstarted(() -> read(keys));
		CompletableFuture<JWKSet> end = keys.orTimeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS)
			.whenComplete((read, failure) -> {
				if (read != null) {
					this.kept = new ReadKeys(read, now);
				}
				// with the id of the request that needed the keys
				context.wrap(() -> log(read, failure, followsFailure)).run();
				reader.interrupt();
			});
		reader.start();
		return new Attempt(end, reader, now, followsFailure);
	}

	private void read(CompletableFuture<JWKSet> keys) {
		try {
			keys.complete(this.issuer.keys());
		}
		catch (Exception ex) {
			keys.completeExceptionally(ex);
		}
	}

	/** One line when the issuer fails, and one when it works again. */
	private static void log(@Nullable JWKSet read, @Nullable Throwable failure, boolean followsFailure) {
		if (failure != null && !followsFailure) {
			logger.warn("The keys of the tokens' issuer cannot be read: {}", reason(failure));
		}
		if (read != null && followsFailure) {
			logger.info("The keys of the tokens' issuer can be read again");
		}
	}

	/** Never what the issuer sent: libraries repeat that in their messages. */
	private static String reason(Throwable failure) {
		return switch (failure) {
			case TimeoutException late -> "it did not answer within " + LIMIT.toSeconds() + " seconds";
			case UnusableIssuerException unusable -> String.valueOf(unusable.getMessage());
			default -> failure.getClass().getName();
		};
	}

	/** Keys and when they were requested. */
	private record ReadKeys(JWKSet keys, Instant readAt) {

		/** A clock that was set back makes them old, not young for long. */
		boolean isYounger(Duration age, Instant now) {
			return Duration.between(this.readAt, now).abs().compareTo(age) < 0;
		}

	}

	/**
	 * One attempt to read the keys.
	 *
	 * @param keys what it finds, complete at the latest after the limit
	 * @param reader the thread, which may live on if the system does not interrupt it
	 * @param followsFailure whether the one before failed
	 */
	private record Attempt(CompletableFuture<JWKSet> keys, Thread reader, Instant startedAt, boolean followsFailure) {

		boolean failed() {
			return this.keys.isCompletedExceptionally();
		}

		/** After the limit, until its reader has ended as well. */
		boolean isInProgress() {
			return !this.keys.isDone()
					|| (failed() && this.keys.exceptionNow() instanceof TimeoutException && this.reader.isAlive());
		}

	}

}
