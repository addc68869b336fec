package dev.stowage.file;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

/** Reports files whose bytes are not those that were stored. */
@Component
class DamageReports {

	private static final Logger logger = LoggerFactory.getLogger(DamageReports.class);

	private final Counter damaged;

	DamageReports(MeterRegistry meters) {
		this.damaged = Counter.builder("stowage.content.damaged")
			.description("Reads of files whose bytes are missing, or not those that were stored")
			.register(meters);
	}

	/** Reports a file, and returns the exception for its reader. */
	FileException report(StoredFile file, String found) {
		logger.error("content_damaged: {} was stored with {} bytes{}; the store: {}", file.id(), file.bytes(),
				file.crc32c().stream().mapToObj(" and CRC-32C %08x"::formatted).findAny().orElse(""), found);
		this.damaged.increment();
		return new FileException.Damaged(file.id());
	}

}
