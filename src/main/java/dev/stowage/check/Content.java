package dev.stowage.check;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.zip.CRC32C;

import dev.stowage.check.Difference.Kind;
import dev.stowage.storage.ObjectDamagedException;
import dev.stowage.storage.ObjectReplacedException;
import dev.stowage.storage.ObjectStore;
import dev.stowage.storage.ObjectStoreException;

/** Reads the bytes of files and compares their checksums. */
final class Content {

	private static final int BUFFER = 256 * 1024;

	private final ObjectStore store;

	private final CheckRepository rows;

	private final Findings findings;

	private final byte[] buffer = new byte[BUFFER];

	private long bytes;

	private long unsummed;

	Content(ObjectStore store, CheckRepository rows, Findings findings) {
		this.store = store;
		this.rows = rows;
		this.findings = findings;
	}

	/** Reads an available file, and reports it unless it was deleted meanwhile. */
	void read(FileRow row) {
		Optional<String> wrong = difference(row);
		if (wrong.isPresent() && this.rows.find(row.id()).filter(row::isSameFile).isPresent()) {
			this.findings.add(Kind.WRONG_BYTES, row + ": " + row.key() + " " + wrong.get());
		}
	}

	private Optional<String> difference(FileRow row) {
		if (row.bytes() == 0) {
			return Optional.empty();
		}
		CRC32C sum = new CRC32C();
		try {
			Optional<InputStream> opened = this.store.open(row.key(), row.bytes(), 0, row.bytes());
			if (opened.isEmpty()) {
				return Optional.of("is missing");
			}
			try (InputStream in = opened.get()) {
				for (int count = in.read(this.buffer); count >= 0; count = in.read(this.buffer)) {
					sum.update(this.buffer, 0, count);
					this.bytes += count;
				}
			}
		}
		catch (ObjectDamagedException | ObjectReplacedException ex) {
			return Optional.of("was replaced");
		}
		catch (IOException ex) {
			throw new ObjectStoreException("Reading " + row.key() + " failed: " + ex, ex);
		}
		if (row.crc32c().isEmpty()) {
			this.unsummed++;
			return Optional.empty();
		}
		return (sum.getValue() == row.crc32c().getAsLong()) ? Optional.empty()
				: Optional.of("has the CRC-32C %08x, not %08x".formatted(sum.getValue(), row.crc32c().getAsLong()));
	}

	long bytes() {
		return this.bytes;
	}

	long unsummed() {
		return this.unsummed;
	}

}
