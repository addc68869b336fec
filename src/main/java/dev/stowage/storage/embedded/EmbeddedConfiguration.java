package dev.stowage.storage.embedded;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

import dev.stowage.storage.DataDisk;
import dev.stowage.storage.DurabilityProperties;
import dev.stowage.storage.StorageProperties;
import dev.stowage.storage.s3.S3Connection;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.scheduling.annotation.SchedulingConfigurer;

/** Chooses the engine, and configures what watches the disk of the data folder. */
@Configuration(proxyBeanMethods = false)
class EmbeddedConfiguration {

	private static final Duration TEND_INTERVAL = Duration.ofSeconds(10);

	@Bean
	DataDisk dataDisk(StorageProperties storage, DurabilityProperties durability, Environment environment) {
		boolean sqlite = environment.getProperty("spring.datasource.url", "").startsWith("jdbc:sqlite:");
		if (!sqlite && storage.s3().externalBucket().isPresent()) {
			return DataDisk.none();
		}
		DataDisk disk = DataDisk.under(storage.dataDir().toAbsolutePath().normalize(),
				durability.minFreeSpace().toBytes());
		disk.tend();
		return disk;
	}

	@Bean(destroyMethod = "close")
	S3Connection s3Connection(StorageProperties properties, DurabilityProperties durability, DataDisk disk,
			ForcedFiles forced) {
		return properties.s3()
			.externalBucket()
			.map((bucket) -> S3Connection.external(bucket, properties.s3()))
			.orElseGet(() -> EmbeddedS3
				.start(properties, EmbeddedLimits.forThisHeap(), disk,
						Optional.of(forced).filter((sync) -> durability.embeddedSync()))
				.connection());
	}

	@Bean
	ForcedFiles forcedFiles() {
		return new ForcedFiles();
	}

	/** Always runs, even if this instance does not sweep. */
	@Bean
	SchedulingConfigurer tendingTheDisk(DataDisk disk) {
		return (tasks) -> tasks.addFixedDelayTask(disk::tend, TEND_INTERVAL);
	}

	@Bean
	MeterBinder diskMeters(DataDisk disk) {
		return (meters) -> {
			if (disk.isThere()) {
				Gauge.builder("stowage.disk.free", disk, DataDisk::free)
					.baseUnit("bytes")
					.description("Bytes that may still be written to the disk of the data folder")
					.register(meters);
			}
		};
	}

	@Bean
	HealthIndicator dataDiskHealthIndicator(DataDisk disk) {
		return () -> {
			try {
				disk.requireWritable();
				return Health.up().build();
			}
			catch (IOException ex) {
				return Health.down().build();
			}
		};
	}

}
