package dev.stowage.upload.pending;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import dev.stowage.file.FileException;
import dev.stowage.owner.Owner;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Lets each owner complete a few files at a time on this instance. Further requests wait
 * for a moment, because most completions are short.
 */
@Component
public class Turns {

	/** How many each owner may complete at a time. */
	public static final int AT_ONCE = 8;

	/** One entry for each owner; owners are limited by the keys. */
	private final Map<Owner, Semaphore> free = new ConcurrentHashMap<>();

	private final Duration patience;

	@Autowired
	Turns() {
		this(Duration.ofSeconds(10));
	}

	Turns(Duration patience) {
		this.patience = patience;
	}

	/**
	 * Waits for a turn, which the caller gives back.
	 * @throws FileException.TooManyCompletions when none comes in time
	 */
	public void take(Owner owner) {
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

	public void giveBack(Owner owner) {
		of(owner).release();
	}

	private Semaphore of(Owner owner) {
		return this.free.computeIfAbsent(owner, (any) -> new Semaphore(AT_ONCE, true));
	}

}
