package dev.stowage.http;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Every limit of requests: its unit and its bad values. */
class HttpPropertiesTests {

	@Test
	void takesARateWithoutAUnitAsBytes() {
		assertThat(bind("min-upload-rate", "65").minUploadRate()).isEqualTo(DataSize.ofBytes(65));
	}

	@ParameterizedTest
	@CsvSource({ "min-upload-rate, 0", "min-download-rate, 1", "max-requests, 1000000", "owner-share, 1",
			"owner-share, 100", "address-share, 1", "address-share, 100", "shutdown-delay, 1h" })
	void acceptsTheExtremes(String name, String value) {
		assertThat(bind(name, value)).isNotEqualTo(bind("max-requests", "0"));
	}

	@ParameterizedTest
	@CsvSource({ "min-upload-rate, -1, stowage.min-upload-rate must be 0 to less than 1GB",
			"min-upload-rate, 1GB, stowage.min-upload-rate must be 0 to less than 1GB",
			"min-download-rate, -1, stowage.min-download-rate must be 0 to less than 1GB",
			"min-download-rate, 1GB, stowage.min-download-rate must be 0 to less than 1GB",
			"max-requests, -1, stowage.max-requests must be 0 to 1000000",
			"max-requests, 1000001, stowage.max-requests must be 0 to 1000000",
			"owner-share, 0, stowage.owner-share must be 1 to 100",
			"owner-share, 101, stowage.owner-share must be 1 to 100",
			"address-share, 0, stowage.address-share must be 1 to 100",
			"address-share, 101, stowage.address-share must be 1 to 100",
			"shutdown-delay, -1, stowage.shutdown-delay must not be negative",
			"cors-origins, app.example, 'stowage.cors-origins holds ''app.example'', but an origin must be like https://app.example or *'" })
	void refusesWithAReason(String name, String value, String reason) {
		assertThatExceptionOfType(BindException.class).isThrownBy(() -> bind(name, value))
			.satisfies((ex) -> assertThat(ex).rootCause().hasMessage(reason));
	}

	private static HttpProperties bind(String name, String value) {
		return new Binder(new MapConfigurationPropertySource(Map.of("stowage." + name, value))).bindOrCreate("stowage",
				HttpProperties.class);
	}

}
