package dev.stowage.upload;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Measures uploads. */
@Configuration(proxyBeanMethods = false)
class UploadConfiguration {

	@Bean
	MeterBinder uploadMeters(Leases leases) {
		return (meters) -> {
			Gauge.builder("stowage.uploads", leases, Leases::size)
				.description("Uploads through this server that are in progress")
				.register(meters);
			FunctionCounter.builder("stowage.received", leases, Leases::received)
				.baseUnit("bytes")
				.description("Bytes of files that clients sent through this server, whether kept or not")
				.register(meters);
		};
	}

}
