package dev.stowage.http.overload;

import java.time.Duration;

import dev.stowage.http.HttpProperties;
import dev.stowage.http.ServerBusyException;
import dev.stowage.owner.Owner;
import dev.stowage.owner.Owners;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.stereotype.Component;

/**
 * Admits long answers: downloads and long lists. Each holds buffers for as long as its
 * client reads, however slowly.
 */
@Component
public class Readers {

	/** A download holds 170 KiB of it, including the embedded store's part. */
	private static final int HEAP_PER_READER = 1024 * 1024;

	private final Places places;

	private final Owners owners;

	private final Duration silence;

	private final long bytesPerSilence;

	private final Counter turnedAway;

	Readers(HttpProperties properties, Owners owners, MeterRegistry meters) {
		this.places = new Places((int) (Runtime.getRuntime().maxMemory() / HEAP_PER_READER), properties.ownerShare());
		this.owners = owners;
		this.silence = properties.uploadTimeout();
		this.bytesPerSilence = properties.leastBytesTakenIn(this.silence);
		this.turnedAway = TurnedAway.requests(meters);
	}

	/**
	 * Gives the answer to a request a place until it is released. From now on the client
	 * may pause and be slow.
	 * @throws ServerBusyException if no place is free, or the owner has used its share
	 */
	public Place admit(Owner owner, HttpServletRequest request) {
		boolean admitted = this.owners.areSeveral() ? this.places.take(owner) : this.places.takeAny(owner);
		if (!admitted) {
			this.turnedAway.increment();
			throw (this.places.free() > 0) ? ServerBusyException.ofShare() : new ServerBusyException();
		}
		Conversation.of(request).sendLong(this.silence, this.bytesPerSilence);
		return () -> this.places.leave(owner);
	}

	/** A place among those that read. */
	public interface Place {

		/** Returns the place. */
		void leave();

	}

}
