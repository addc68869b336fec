package dev.stowage.upload;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.stowage.file.Purpose;
import dev.stowage.support.FileWorld;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Every setting of uploads and of the life of files: its default, its unit and its bad
 * values.
 */
class UploadPropertiesTests {

	@Test
	void hasDefaults() {
		UploadProperties defaults = bind(Map.of());
		assertThat(defaults.maxFileSize()).isEqualTo(DataSize.ofMegabytes(512));
		assertThat(defaults.uploadUrlTtl()).isEqualTo(Duration.ofMinutes(10));
		assertThat(defaults.uploadTimeout()).isEqualTo(Duration.ofMinutes(5));
		assertThat(defaults.presigned().maxSize()).isEqualTo(DataSize.ofMegabytes(200));
		assertThat(defaults.presigned().completionWindow()).isEqualTo(Duration.ofHours(1));
		assertThat(defaults.idempotency().ttl()).isEqualTo(Duration.ofDays(1));
		for (Purpose purpose : Purpose.BUILT_IN) {
			boolean expires = Purpose.OF_PRESIGNED.contains(purpose);
			assertThat(defaults.expiry().of(purpose)).as(purpose.wireName())
				.isEqualTo(Optional.of(Duration.ofDays(30)).filter((days) -> expires));
		}
	}

	@Test
	void takesNumbersWithoutAUnitAsSecondsAndBytes() {
		UploadProperties properties = bind(Map.of("stowage.max-file-size", "1000", "stowage.upload-url-ttl", "61",
				"stowage.upload-timeout", "62", "stowage.presigned.max-size", "1001",
				"stowage.presigned.completion-window", "64", "stowage.idempotency.ttl", "65"));
		assertThat(properties.idempotency().ttl()).isEqualTo(Duration.ofSeconds(65));
		assertThat(properties.maxFileSize()).isEqualTo(DataSize.ofBytes(1000));
		assertThat(properties.uploadUrlTtl()).isEqualTo(Duration.ofSeconds(61));
		assertThat(properties.uploadTimeout()).isEqualTo(Duration.ofSeconds(62));
		assertThat(properties.presigned().maxSize()).isEqualTo(DataSize.ofBytes(1001));
		assertThat(properties.presigned().completionWindow()).isEqualTo(Duration.ofSeconds(64));
	}

	@ParameterizedTest
	@CsvSource({ "fine-tune, FINE_TUNE", "assistants, ASSISTANTS", "batch, BATCH", "user-data, USER_DATA",
			"vision, VISION", "evals, EVALS", "context, CONTEXT" })
	void takesALifetimeForEachPurpose(String name, Purpose purpose) {
		assertThat(bind(Map.of("stowage.expiry." + name, "7d")).expiry().of(purpose)).contains(Duration.ofDays(7));
		assertThat(bind(Map.of("stowage.expiry." + name, "never")).expiry().of(purpose)).isEmpty();
	}

	@Test
	void takesFurtherPurposesInTheirOrder() {
		UploadProperties properties = bind(Map.of("stowage.purposes", "ocr, file-extract"));
		assertThat(properties.furtherPurposes()).extracting(Purpose::wireName).containsExactly("ocr", "file-extract");
		assertThat(properties.furtherPurposes()).extracting(Purpose::name).containsExactly("x:ocr", "x:file-extract");
		assertThat(properties.expiry(Instant.EPOCH, properties.furtherPurposes().getFirst(), Optional.empty()))
			.isEmpty();
		assertThat(bind(Map.of("stowage.purposes", "p".repeat(64))).furtherPurposes()).hasSize(1);
		assertThat(bind(Map.of("stowage.purposes", names(32))).furtherPurposes()).hasSize(32);
		assertThat(bind(Map.of("stowage.purposes", "")).furtherPurposes()).isEmpty();
	}

	@Test
	void refusesTooManyOrTooLongPurposes() {
		refusesWithAReason("purposes", names(33), "stowage.purposes must be at most 32 names");
		refusesWithAReason("purposes", "p".repeat(65),
				"stowage.purposes must be names of at most 64 lower-case letters, digits, '_' and '-', such as ocr");
	}

	private static String names(int count) {
		return IntStream.range(0, count).mapToObj((number) -> "p" + number).collect(Collectors.joining(","));
	}

	@ParameterizedTest
	@CsvSource({ "max-file-size, 1", "upload-url-ttl, 1s", "upload-url-ttl, 7d", "upload-timeout, 1s",
			"upload-timeout, 1d", "presigned.max-size, 1", "presigned.completion-window, 0", "expiry.batch, 1s",
			"idempotency.ttl, 1s", "idempotency.ttl, 7d" })
	void acceptsTheExtremes(String name, String value) {
		assertThat(bind(Map.of("stowage." + name, value))).isNotEqualTo(bind(Map.of()));
	}

	@ParameterizedTest
	@CsvSource({ "max-file-size, 0, stowage.max-file-size must be at least one byte",
			"max-file-size, -1MB, stowage.max-file-size must be at least one byte",
			"upload-url-ttl, 0, stowage.upload-url-ttl must be 1s to 7d",
			"upload-url-ttl, 999ms, stowage.upload-url-ttl must be 1s to 7d",
			"upload-url-ttl, 604801, stowage.upload-url-ttl must be 1s to 7d",
			"upload-timeout, 0, stowage.upload-timeout must be 1s to 1d",
			"upload-timeout, -5m, stowage.upload-timeout must be 1s to 1d",
			"presigned.max-size, 0, stowage.presigned.max-size must be at least one byte",
			"presigned.completion-window, -1, stowage.presigned.completion-window must not be negative",
			"idempotency.ttl, 0, stowage.idempotency.ttl must be 1s to 7d",
			"idempotency.ttl, 604801, stowage.idempotency.ttl must be 1s to 7d",
			"expiry.batch, 999ms, 'stowage.expiry.* must be at least 1s, or never'",
			"purposes, OCR, 'stowage.purposes must be names of at most 64 lower-case letters, digits, ''_'' and ''-'', such as ocr'",
			"purposes, 'ocr,-x', 'stowage.purposes must be names of at most 64 lower-case letters, digits, ''_'' and ''-'', such as ocr'",
			"purposes, 'ocr,,x', 'stowage.purposes must be names of at most 64 lower-case letters, digits, ''_'' and ''-'', such as ocr'",
			"purposes, 'ocr,batch', 'stowage.purposes must not name purposes that this server knows by itself, such as batch'",
			"purposes, batch_output, 'stowage.purposes must not name purposes that this server knows by itself, such as batch'",
			"purposes, 'ocr,ocr', stowage.purposes must not name a purpose twice",
			"expiry.batch, -30d, 'stowage.expiry.* must be at least 1s, or never'",
			"expiry.evals, soon, '''soon'' is not a valid duration'" })
	void refusesWithAReason(String name, String value, String reason) {
		assertThatExceptionOfType(BindException.class).isThrownBy(() -> bind(Map.of("stowage." + name, value)))
			.satisfies((ex) -> assertThat(ex).rootCause().hasMessage(reason));
	}

	private static UploadProperties bind(Map<String, String> settings) {
		return FileWorld.properties(settings);
	}

}
