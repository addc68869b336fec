package dev.stowage.upload.append;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.stowage.file.FileException;
import dev.stowage.file.FileId;
import dev.stowage.upload.UploadProperties;
import dev.stowage.upload.pending.UploadId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Lets one request at a time append to an upload, on any number of instances. A newer
 * request ends the older one, which may still record what it has received. If that one
 * gives no sign of life, because its instance is dead or stuck, the newer one replaces
 * it: nothing that it records later counts.
 */
@Component
class Writers {

	private static final Logger logger = LoggerFactory.getLogger(Writers.class);

	private static final Duration RENEWAL = Duration.ofMinutes(1);

	private static final Duration WAIT = Duration.ofMillis(50);

	private final WriterRepository rows;

	private final Duration maxAge;

	private final Duration timeout;

	private final Clock clock;

	private final Map<FileId, Set<Writer>> running = new ConcurrentHashMap<>();

	private final Silences silences = new Silences();

	private Instant renewed = Instant.EPOCH;

	Writers(WriterRepository rows, AppendProperties properties, UploadProperties uploads, Clock clock) {
		this.rows = rows;
		this.maxAge = properties.resumable().maxAge();
		this.timeout = uploads.uploadTimeout();
		this.clock = clock;
	}

	/**
	 * Makes a request the writer of an upload, once older ones have ended.
	 * @param cancel ends the request if a newer one comes; called at most once, by
	 * another thread
	 * @throws AppendException.TakenOver when a newer request came while this one waited
	 * @throws NotPendingException when the upload is not pending
	 */
	Writer take(UploadId id, Runnable cancel) {
		Instant now = now();
		WriterRepository.Asked asked = this.rows.ask(id, now, now.plus(whileRunning()))
			.orElseThrow(NotPendingException::new);
		Writer writer = new Writer(id, asked.number(), cancel);
		endOlder(id, writer.number);
		this.running.compute(id.file(), (any, known) -> {
			Set<Writer> its = (known != null) ? known : ConcurrentHashMap.newKeySet();
			its.add(writer);
			return its;
		});
		try {
			if (!asked.isWriter()) {
				await(writer);
			}
			return writer;
		}
		catch (Throwable ex) {
			writer.close();
			throw ex;
		}
	}

	/** Ends the requests of an upload that this instance serves and that are older. */
	void endOlder(UploadId id, int newer) {
		this.running.getOrDefault(id.file(), Set.of())
			.stream()
			.filter((older) -> older.number < newer)
			.forEach(Writer::end);
	}

	/** Whether a request is appending to the upload, on any instance. */
	boolean isWritten(UploadId id) {
		return this.rows.find(Set.of(id.file())).stream().anyMatch((found) -> found.writer() > 0);
	}

	/** An upload whose client is slow or paused lives as long as its request. */
	private Duration whileRunning() {
		Duration least = this.timeout.plus(RENEWAL.multipliedBy(3));
		return (this.maxAge.compareTo(least) < 0) ? least : this.maxAge;
	}

	private void await(Writer writer) {
		while (true) {
			WriterRepository.Requests found = this.rows.find(Set.of(writer.id.file()))
				.stream()
				.filter(WriterRepository.Requests::isPending)
				.findFirst()
				.orElseThrow(NotPendingException::new);
			if (found.writer() == writer.number) {
				this.silences.forget(found.id());
				return;
			}
			if (found.latest() > writer.number) {
				throw new AppendException.TakenOver(writer.id);
			}
			if (found.writer() == 0) {
				this.rows.take(writer.id, writer.number);
			}
			else if (this.silences.isTooLong(found)) {
				logger.info("Request {} of {} gives no sign of life and is replaced", found.writer(), writer.id);
				this.rows.replace(writer.id, writer.number);
			}
			else {
				pause();
			}
		}
	}

	private static void pause() {
		try {
			Thread.sleep(WAIT);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new FileException.LeaseLost();
		}
	}

	/**
	 * Looks for newer requests, and keeps uploads from expiring while they are written.
	 */
	void look() {
		this.silences.forgetOld();
		if (this.running.isEmpty()) {
			return;
		}
		try {
			this.rows.find(this.running.keySet()).forEach(this::look);
			if (Duration.between(this.renewed, now()).compareTo(RENEWAL) >= 0) {
				this.renewed = now();
				this.rows.renew(Set.copyOf(this.running.keySet()), this.renewed.plus(whileRunning()));
			}
		}
		catch (DataAccessException ex) {
			logger.warn("Could not look for newer requests of {} uploads: {}", this.running.size(), ex.getMessage());
		}
	}

	private void look(WriterRepository.Requests found) {
		for (Writer writer : this.running.getOrDefault(found.id(), Set.of())) {
			if (found.latest() > writer.number || !found.isPending()) {
				writer.end();
				this.rows.beat(found.id(), writer.number);
			}
		}
	}

	private Instant now() {
		return this.clock.instant().truncatedTo(ChronoUnit.SECONDS);
	}

	/** The upload was cancelled, has expired or is completed. */
	static final class NotPendingException extends RuntimeException {

	}

	/** A request that may change an upload until it is closed. */
	final class Writer implements AutoCloseable {

		private final UploadId id;

		private final int number;

		private final Runnable cancel;

		private boolean ended;

		private boolean released;

		private Writer(UploadId id, int number, Runnable cancel) {
			this.id = id;
			this.number = number;
			this.cancel = cancel;
		}

		int number() {
			return this.number;
		}

		/** Whether a newer request waits. */
		synchronized boolean isEnded() {
			return this.ended;
		}

		private void end() {
			synchronized (this) {
				if (this.ended) {
					return;
				}
				this.ended = true;
			}
			this.cancel.run();
		}

		/** When the upload ends if nobody continues it from now on. */
		Instant deadline() {
			return now().plus(Writers.this.maxAge);
		}

		/** The rows no longer name it as the writer. */
		void released() {
			this.released = true;
		}

		/** If this fails, a newer request replaces it after a moment. */
		@Override
		public void close() {
			Writers.this.running.computeIfPresent(this.id.file(), (id, its) -> {
				its.remove(this);
				return its.isEmpty() ? null : its;
			});
			if (this.released) {
				return;
			}
			try {
				Writers.this.rows.release(this.id, this.number, deadline());
			}
			catch (DataAccessException ex) {
				logger.warn("Could not end request {} of {}: {}", this.number, this.id, ex.getMessage());
			}
		}

	}

}
