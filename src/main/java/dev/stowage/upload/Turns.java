package dev.stowage.upload;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import dev.stowage.file.FileException;
import dev.stowage.owner.Owner;

/**
 * Lets each owner complete a few files at a time on this instance. Further requests wait
 * for a moment, because most completions are short.
 */
final class Turns {

	static final int AT_ONCE = 8;

	/** One entry for each owner; owners are limited by the keys. */
	private final Map<Owner, Semaphore> free = new ConcurrentHashMap<>();

	private final Duration patience;

	Turns(Duration patience) {
		this.patience = patience;
	}

	void take(Owner owner) {
		try {
			if (!of(owner).tryAcquire(this.patience.toMillis(), TimeUnit.MILLISECONDS)) {
				throw new FileException.TooManyCompletions();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new FileException.TooManyCompletions();
		}
	}

	void giveBack(Owner owner) {
		of(owner).release();
	}

	private Semaphore of(Owner owner) {
		return this.free.computeIfAbsent(owner, (any) -> new Semaphore(AT_ONCE, true));
	}

}
