package dev.stowage.console;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectStore;
import dev.stowage.storage.SignedRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The origin of pre-signed URLs. It is learned from one, because settings, bucket and
 * region all take part in it. Signing calls nobody.
 */
class StoreOrigin {

	private static final Logger logger = LoggerFactory.getLogger(StoreOrigin.class);

	private final ObjectStore store;

	private volatile @Nullable String known;

	StoreOrigin(ObjectStore store) {
		this.store = store;
	}

	/** Empty as long as the store has no credentials that sign. */
	Optional<String> get() {
		String origin = this.known;
		if (origin == null) {
			origin = learn();
			this.known = origin;
		}
		return Optional.ofNullable(origin);
	}

	private @Nullable String learn() {
		try {
			SignedRequest signed = this.store.signGet(ObjectKey.IDENTITY, Duration.ofMinutes(1), "text/plain",
					"attachment");
			URI url = signed.url();
			return url.getScheme() + "://" + url.getRawAuthority();
		}
		catch (RuntimeException ex) {
			logger.debug("No origin of the store for the console", ex);
			return null;
		}
	}

}
