package dev.stowage.upload;

import java.io.IOException;

import dev.stowage.file.FileException;
import dev.stowage.owner.Owner;
import dev.stowage.storage.Checksum;
import dev.stowage.storage.IncomingBytes;
import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectStore;
import dev.stowage.storage.ObjectStoreException;
import dev.stowage.storage.ObjectTooLargeException;
import dev.stowage.storage.UploadStalledException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

/** Streams what a client sends to the store. */
@Component
public class Reception {

	private static final Logger logger = LoggerFactory.getLogger(Reception.class);

	private final ObjectStore store;

	Reception(ObjectStore store) {
		this.store = store;
	}

	/**
	 * Receives an object. After a failure, nothing of it remains unless the store failed.
	 * @param limit the most bytes to accept
	 * @return {@link Checksum#EMPTY}, with nothing stored, if no bytes came
	 * @throws IOException from the client's stream, as it was thrown there
	 * @throws ObjectTooLargeException as soon as there are more bytes
	 * @throws FileException.Stalled when the client was too slow while others waited
	 */
	public Checksum receive(Owner owner, ObjectKey key, ClientBytes bytes, long limit, Leases.Lease lease)
			throws IOException, ObjectTooLargeException {
		try {
			return this.store.put(key, new IncomingBytes(lease.over(bytes.bytes()), Math.min(limit, bytes.atMost()),
					owner.name(), bytes::cancel));
		}
		catch (UploadStalledException ex) {
			logger.info("Cancelled the upload of {}: its client was too slow while others waited for memory", key);
			throw new FileException.Stalled();
		}
		catch (ObjectStoreException ex) {
			// the sweeper may have removed what the store misses
			lease.requireHeld();
			throw ex;
		}
	}

}
