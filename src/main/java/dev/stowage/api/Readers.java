package dev.stowage.api;

import java.util.concurrent.Semaphore;

import dev.stowage.file.Owner;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.stereotype.Component;

/**
 * Admits long answers, which are downloads and long lists: each holds buffers for as long
 * as its client reads, however slowly it does.
 */
@Component
class Readers {

	/** A download holds 170 KiB of it, with the embedded store's part. */
	private static final int HEAP_PER_READER = 1024 * 1024;

	private final Semaphore places = new Semaphore((int) (Runtime.getRuntime().maxMemory() / HEAP_PER_READER));

	private final Counter turnedAway;

	Readers(MeterRegistry meters) {
		this.turnedAway = TurnedAway.requests(meters);
	}

	/**
	 * Gives the answer to a request a place, until it leaves it.
	 * @throws ServerBusyException when there is none
	 */
	Place admit(Owner owner, HttpServletRequest request) {
		if (!this.places.tryAcquire()) {
			this.turnedAway.increment();
			throw new ServerBusyException();
		}
		return this.places::release;
	}

	/** A place among those that read. */
	interface Place {

		/** Leaves it to others. */
		void leave();

	}

}
