package dev.stowage.upload;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

import dev.stowage.file.FileException;
import dev.stowage.file.FileId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * The uploads that this process is receiving. Each row holds a deadline before which it
 * does not count as abandoned. While the process lives it extends the deadlines, whether
 * an upload waits for its client, for memory or for the store. The code that reads from a
 * client ends a silent one.
 */
@Component
public class Leases {

	private static final Logger logger = LoggerFactory.getLogger(Leases.class);

	/**
	 * How far another instance's clock may be ahead before it sweeps uploads of this one.
	 */
	private static final Duration OTHER_CLOCKS = Duration.ofMinutes(1);

	private final UploadRepository uploads;

	private final Clock clock;

	private final Duration timeout;

	private final Set<Lease> held = ConcurrentHashMap.newKeySet();

	private final LongAdder received = new LongAdder();

	Leases(UploadRepository uploads, UploadProperties properties, Clock clock) {
		this.uploads = uploads;
		this.clock = clock;
		this.timeout = properties.uploadTimeout();
	}

	/** How often leases are renewed. */
	Duration interval() {
		return this.timeout.dividedBy(4);
	}

	/** When a lease that starts or is renewed now runs out: several renewals later. */
	Instant deadline() {
		return this.clock.instant().plus(this.timeout).plus(interval()).plus(OTHER_CLOCKS);
	}

	/** Takes over a row that was just written with its deadline. */
	Lease hold(FileId id) {
		return add(new Lease(Optional.of(id)));
	}

	/** Watches bytes whose row has a deadline that does not move. */
	public Lease watch() {
		return add(new Lease(Optional.empty()));
	}

	private Lease add(Lease lease) {
		this.held.add(lease);
		return lease;
	}

	/** How many uploads this process is receiving. */
	int size() {
		return this.held.size();
	}

	/** How many bytes of files clients have sent to this process, whether kept or not. */
	long received() {
		return this.received.sum();
	}

	/** Counts bytes that were read from a client without a lease. */
	void countReceived(int bytes) {
		this.received.add(bytes);
	}

	/** Renews all leases. An upload that was swept because its lease ran out is lost. */
	public void renew() {
		Map<FileId, Lease> leases = new HashMap<>();
		this.held.forEach((lease) -> lease.id.ifPresent((id) -> leases.put(id, lease)));
		Set<FileId> ids = Set.copyOf(leases.keySet());
		try {
			leases.keySet().removeAll(this.uploads.renew(ids, deadline()));
			leases.values().forEach((lease) -> lease.lost = true);
		}
		catch (DataAccessException ex) {
			logger.warn("Could not renew the leases of {} uploads: {}", ids.size(), ex.getMessage());
		}
	}

	/** Wakes threads that wait for disconnected clients. */
	void interrupt() {
		this.held.forEach((lease) -> lease.holder.interrupt());
	}

	/** Held until it is closed, as the last step of an upload. */
	public final class Lease implements AutoCloseable {

		private final Optional<FileId> id;

		private final Thread holder = Thread.currentThread();

		private volatile boolean lost;

		private Lease(Optional<FileId> id) {
			this.id = id;
		}

		/** The same bytes, counted; reading them fails once the lease is lost. */
		public InputStream over(InputStream bytes) {
			return new FilterInputStream(bytes) {

				@Override
				public int read() throws IOException {
					requireHeld();
					int next = super.read();
					Leases.this.received.add((next < 0) ? 0 : 1);
					return next;
				}

				@Override
				public int read(byte[] buffer, int offset, int length) throws IOException {
					requireHeld();
					int count = super.read(buffer, offset, length);
					Leases.this.received.add(Math.max(count, 0));
					return count;
				}

			};
		}

		void requireHeld() {
			if (this.lost) {
				throw new FileException.LeaseLost();
			}
		}

		@Override
		public void close() {
			Leases.this.held.remove(this);
		}

	}

}
