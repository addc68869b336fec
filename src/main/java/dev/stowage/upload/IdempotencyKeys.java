package dev.stowage.upload;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;

import dev.stowage.database.Changes;
import dev.stowage.file.FileException;
import dev.stowage.file.FileId;
import dev.stowage.file.UploadMethod;
import dev.stowage.owner.Owner;

import org.springframework.stereotype.Component;

/**
 * Lets one of several requests with the same key create a file, on any number of
 * instances. The first one claims the key in the transaction that adds its file's row.
 * The state of that row decides what a later one finds: while an upload through the
 * server is pending, the key is in use. A file that never came to be frees it.
 */
@Component
public class IdempotencyKeys {

	/** How often other requests may win before this one must wait. */
	private static final int ATTEMPTS = 5;

	private static final Claim MADE = new Claim(true, Optional.empty());

	private static final Claim NOT_ADDED = new Claim(false, Optional.empty());

	private final IdempotencyRepository keys;

	private final Changes changes;

	private final Duration ttl;

	private final Clock clock;

	IdempotencyKeys(IdempotencyRepository keys, Changes changes, UploadProperties properties, Clock clock) {
		this.keys = keys;
		this.changes = changes;
		this.ttl = properties.idempotency().ttl();
		this.clock = clock;
	}

	/**
	 * Claims a key, unless an earlier request has it.
	 * @param add adds the row of the file; returns false if it did not, and then the key
	 * is not claimed either. It may be called again after its transaction was rolled back
	 * @throws FileException.KeyInUse if several requests compete for the key
	 */
	public Claim claim(Owner owner, IdempotencyKey key, IdempotencyKey.Use use, BooleanSupplier add) {
		return this.changes.makeAtOnce(() -> {
			Instant now = this.clock.instant();
			for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
				if (this.keys.add(owner, key, use, now.plus(this.ttl))) {
					return claimed(owner, key, use, add);
				}
				// a statement of its own, which sees what the insert had to wait for
				Optional<IdempotencyKey.Earlier> earlier = this.keys.find(owner, key, use.method());
				if (earlier.isPresent() && !isFree(earlier.get(), now)) {
					return new Claim(false, earlier);
				}
				if (earlier.isPresent() && this.keys.takeOver(owner, key, earlier.get().id(), use, now.plus(this.ttl),
						now.minus(this.ttl))) {
					return claimed(owner, key, use, add);
				}
			}
			throw new FileException.KeyInUse();
		});
	}

	private Claim claimed(Owner owner, IdempotencyKey key, IdempotencyKey.Use use, BooleanSupplier add) {
		if (add.getAsBoolean()) {
			return MADE;
		}
		this.keys.free(owner, key, use.file());
		return NOT_ADDED;
	}

	/** The earlier request that has a key. */
	public Optional<IdempotencyKey.Earlier> find(Owner owner, IdempotencyKey key, UploadMethod method) {
		return this.keys.find(owner, key, method).filter((earlier) -> !isFree(earlier, this.clock.instant()));
	}

	/**
	 * An upload through the server has its key as long as it takes. Any other pending
	 * file has it until the key expires; after that a repeat is a new request.
	 */
	private boolean isFree(IdempotencyKey.Earlier earlier, Instant now) {
		if (earlier.isAnswered()) {
			return !earlier.answeredAt().get().plus(this.ttl).isAfter(now);
		}
		boolean isExpired = !earlier.keptUntil().isAfter(now);
		if (earlier.isPending()) {
			return isExpired && earlier.asked().isPresent();
		}
		return isExpired || !this.keys.wasCompleted(earlier.id());
	}

	/** When a key that is claimed now expires if there is no answer. */
	Instant keptUntil() {
		return this.clock.instant().plus(this.ttl);
	}

	/**
	 * Frees a key, in the transaction that marks its file as failed. If the answer was
	 * set, although this instance got no confirmation, both remain: a repeat may have
	 * been answered with this file.
	 */
	void free(Owner owner, IdempotencyKey key, FileId file, Runnable abandon) {
		this.changes.makeAtOnce(() -> {
			boolean isFreed = this.keys.free(owner, key, file);
			if (isFreed || this.keys.find(owner, key, UploadMethod.MULTIPART)
				.filter((its) -> its.id().equals(file))
				.isEmpty()) {
				abandon.run();
			}
			return isFreed;
		});
	}

	/**
	 * Whether a request has claimed its key.
	 *
	 * @param isMade whether it has, and its file's row was added
	 * @param earlier the request that has the key; if there is none, and the claim was
	 * not made, the row of the file could not be added
	 */
	public record Claim(boolean isMade, Optional<IdempotencyKey.Earlier> earlier) {
	}

}
