package dev.stowage.identity;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

import dev.stowage.storage.ObjectInfo;
import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectStore;
import dev.stowage.storage.ObjectStoreException;
import dev.stowage.storage.ObjectTooLargeException;

/** The object in which a store keeps the identity that a database gave it. */
record IdentityObject(ObjectStore store) {

	/** The text that the object holds; empty if it does not exist. */
	Optional<String> held() {
		Optional<ObjectInfo> found = this.store.find(ObjectKey.IDENTITY);
		if (found.filter((object) -> object.size() > StoreIdentity.MAX_LENGTH).isPresent()) {
			return Optional.of("");
		}
		return found.flatMap(this.store::open).map(IdentityObject::read);
	}

	private static String read(InputStream bytes) {
		try (bytes) {
			return new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new ObjectStoreException("Reading " + ObjectKey.IDENTITY + " failed: " + ex, ex);
		}
	}

	/** Replaces it. */
	void write(StoreIdentity identity) {
		byte[] text = identity.text().getBytes(StandardCharsets.UTF_8);
		try {
			this.store.put(ObjectKey.IDENTITY, new ByteArrayInputStream(text), text.length);
		}
		catch (IOException | ObjectTooLargeException ex) {
			throw new ObjectStoreException("Writing " + ObjectKey.IDENTITY + " failed: " + ex, ex);
		}
	}

}
