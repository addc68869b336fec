package dev.stowage.upload.parts;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

import dev.stowage.file.FileException;
import dev.stowage.file.ObjectKeys;
import dev.stowage.owner.Owner;
import dev.stowage.storage.Checksum;
import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectStore;
import dev.stowage.storage.ObjectStoreException;
import dev.stowage.storage.ObjectTooLargeException;
import dev.stowage.upload.Leases;
import dev.stowage.upload.Reception;
import dev.stowage.upload.pending.UploadId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Receives the parts of uploads: name the part, stream its bytes, then record that it has
 * arrived. What fails in between is forgotten, and removed with its upload at the latest.
 */
@Component
class PartReception {

	private static final Logger logger = LoggerFactory.getLogger(PartReception.class);

	private final PartRepository rows;

	private final Reception reception;

	private final Leases leases;

	private final ObjectStore store;

	private final Clock clock;

	PartReception(PartRepository rows, Reception reception, Leases leases, ObjectStore store, Clock clock) {
		this.rows = rows;
		this.reception = reception;
		this.leases = leases;
		this.store = store;
		this.clock = clock;
	}

	/**
	 * Receives a part of a pending upload.
	 * @throws EndedException when the upload takes no more parts
	 */
	UploadPart receive(Upload upload, IncomingPart incoming) throws IOException {
		Instant begun = this.clock.instant();
		PartId id = PartId.createdAt(begun);
		int number = this.rows.namePart(upload.id(), id, toSecond(begun), PartProperties.MAX_PARTS)
			.orElseThrow(EndedException::new);
		ObjectKey key = ObjectKeys.part(upload.id().file(), number);
		try {
			Checksum bytes = receive(upload.owner(), key, incoming);
			incoming.end();
			UploadPart part = new UploadPart(id, upload.id(), number, bytes, toSecond(begun), key);
			if (!this.rows.arrived(part, toSecond(this.clock.instant()))) {
				throw new EndedException();
			}
			logger.info("Received {} of {}: {} bytes", id, upload.id(), bytes.length());
			return part;
		}
		catch (Throwable ex) {
			// the interrupt is passed on
			boolean interrupted = Thread.interrupted();
			forget(upload.id(), id, key);
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
			throw ex;
		}
	}

	private Checksum receive(Owner owner, ObjectKey key, IncomingPart incoming) throws IOException {
		try (Leases.Lease lease = this.leases.watch()) {
			Checksum received = this.reception.receive(owner, key, incoming, UploadPart.MAX_SIZE, lease);
			if (received.length() == 0) {
				throw new FileException.InvalidParameter("data", "The part is empty. Send at least one byte.");
			}
			return received;
		}
		catch (ObjectTooLargeException ex) {
			throw new UploadException.PartTooLarge(UploadPart.MAX_SIZE);
		}
	}

	/** What remains after a failure is removed when the upload ends. */
	private void forget(UploadId upload, PartId id, ObjectKey key) {
		try {
			if (this.rows.failed(upload, id)) {
				this.store.delete(key);
			}
		}
		catch (DataAccessException | ObjectStoreException ex) {
			logger.warn("Could not remove a failed part of {}; the sweeper removes it later: {}", upload,
					ex.getMessage());
		}
	}

	private static Instant toSecond(Instant instant) {
		return instant.truncatedTo(ChronoUnit.SECONDS);
	}

	/** The upload has ended, or has as many parts as it may have. */
	static final class EndedException extends RuntimeException {

	}

}
