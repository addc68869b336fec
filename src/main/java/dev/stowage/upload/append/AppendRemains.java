package dev.stowage.upload.append;

import java.util.List;
import java.util.stream.IntStream;

import dev.stowage.file.ObjectKeys;
import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectStore;
import dev.stowage.storage.ObjectStoreException;
import dev.stowage.upload.pending.UploadId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

/**
 * Removes what earlier requests of an upload have left and later ones have taken up, some
 * at a time, so that an upload in many short requests does not leave as many objects.
 */
@Component
class AppendRemains {

	private static final Logger logger = LoggerFactory.getLogger(AppendRemains.class);

	private static final int AT_ONCE = 8;

	private final KeptRepository rows;

	private final ObjectStore store;

	AppendRemains(KeptRepository rows, ObjectStore store) {
		this.rows = rows;
		this.store = store;
	}

	/**
	 * Removes them when there may be enough.
	 * @param kept what the next request needs
	 * @param request its number
	 */
	void remove(UploadId id, Kept kept, int request) {
		int upTo = kept.hasRest() ? kept.rest() - 1 : request - 1;
		if (upTo - kept.removed() < AT_ONCE) {
			return;
		}
		List<ObjectKey> keys = IntStream.rangeClosed(kept.removed() + 1, upTo)
			.mapToObj((number) -> ObjectKeys.part(id.file(), number))
			.toList();
		try {
			if (this.store.deleteAll(keys).isEmpty()) {
				this.rows.removed(id, upTo);
			}
		}
		catch (ObjectStoreException ex) {
			logger.warn("Could not remove what requests of {} have left; the next one tries again: {}", id,
					ex.getMessage());
		}
	}

}
