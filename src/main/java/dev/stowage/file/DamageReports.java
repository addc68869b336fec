package dev.stowage.file;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

/** Reports files whose bytes are not those that were stored. */
@Component
public class DamageReports {

	private static final Logger logger = LoggerFactory.getLogger(DamageReports.class);

	private final Counter damaged;

	DamageReports(MeterRegistry meters) {
		this.damaged = Counter.builder("stowage.content.damaged")
			.description("Reads of files whose bytes are missing, or not those that were stored")
			.register(meters);
	}

	/** Reports a file, and returns the exception for its reader. */
	FileException report(StoredFile file, String found) {
		report(file.id().value(), "stored with " + file.bytes() + " bytes"
				+ file.crc32c().stream().mapToObj(" and CRC-32C %08x"::formatted).findAny().orElse(""), found);
		return new FileException.Damaged(file.id());
	}

	/**
	 * Reports bytes that are not those that were stored.
	 * @param id of the file or upload
	 * @param stored what was stored
	 * @param found what the store has instead
	 */
	public void report(String id, String stored, String found) {
		logger.error("content_damaged: {} was {}; the store: {}", id, stored, found);
		this.damaged.increment();
	}

}
