package dev.stowage.upload;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;

import dev.stowage.file.FileException;
import dev.stowage.file.FileId;
import dev.stowage.json.InvalidJsonException;
import dev.stowage.json.JsonCheck;
import dev.stowage.storage.Checksum;
import dev.stowage.storage.ObjectInfo;
import dev.stowage.storage.ObjectReplacedException;
import dev.stowage.storage.ObjectStore;
import dev.stowage.storage.ObjectStoreException;

import org.springframework.stereotype.Component;

/** Reads an object to its end, and requires that it is one JSON value. */
@Component
public class JsonVerification {

	private final ObjectStore store;

	JsonVerification(ObjectStore store) {
		this.store = store;
	}

	/**
	 * Verifies exactly the bytes that the store described.
	 * @param watched wraps the stream of the bytes to observe them
	 * @throws FileException.NotJson when they are not JSON
	 * @throws FileException.Replaced when they were replaced or removed
	 */
	public Checksum verify(FileId id, ObjectInfo object, UnaryOperator<InputStream> watched) {
		CRC32C sum = new CRC32C();
		try (InputStream bytes = watched
			.apply(this.store.open(object).orElseThrow(() -> new FileException.Replaced(id)))) {
			JsonCheck.check(new CheckedInputStream(bytes, sum));
			return new Checksum(object.size(), sum.getValue());
		}
		catch (ObjectReplacedException ex) {
			throw new FileException.Replaced(id);
		}
		catch (InvalidJsonException ex) {
			throw new FileException.NotJson("The file is not valid JSON: " + ex.getMessage());
		}
		catch (IOException ex) {
			throw new ObjectStoreException("Reading " + object.key() + " failed: " + ex, ex);
		}
	}

}
