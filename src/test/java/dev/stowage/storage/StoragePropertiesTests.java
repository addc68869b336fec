package dev.stowage.storage;

import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import dev.stowage.settings.InvalidSettingException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class StoragePropertiesTests {

	@Test
	void meanTheEmbeddedStoreByDefault() {
		StorageProperties properties = bind(Map.of());
		assertThat(properties.dataDir()).isEqualTo(Path.of("data"));
		assertThat(properties.corsOrigins()).isEmpty();
		assertThat(properties.s3().externalBucket()).isEmpty();
		assertThat(properties.s3().endpointUri()).isEmpty();
		assertThat(properties.s3().publicEndpointUri()).isEmpty();
		assertThat(properties.s3().regionName()).isEmpty();
		assertThat(properties.s3().pathStyle()).isFalse();
		assertThat(properties.s3().embeddedPort()).isEqualTo(9000);
	}

	@Test
	void takeEmptyValuesAsNotSet() {
		StorageProperties properties = bind(Map.of("stowage.s3.bucket", "", "stowage.s3.endpoint", "",
				"stowage.s3.public-endpoint", "", "stowage.s3.region", " ", "stowage.cors-origins", ""));
		assertThat(properties).isEqualTo(bind(Map.of()));
	}

	@Test
	void nameAnExternalBucket() {
		StorageProperties properties = bind(Map.of("stowage.data-dir", "/srv/stowage", "stowage.cors-origins",
				"https://a.example,https://b.example", "stowage.s3.bucket", "files", "stowage.s3.endpoint",
				"http://s3:7070", "stowage.s3.public-endpoint", "https://s3.example/base", "stowage.s3.region",
				"eu-central-1", "stowage.s3.path-style", "true", "stowage.s3.embedded-port", "0",
				"stowage.s3.upload.access-key-id", "up", "stowage.s3.upload.secret-access-key", "secret"));
		assertThat(properties.dataDir()).isEqualTo(Path.of("/srv/stowage"));
		assertThat(properties.corsOrigins()).containsExactly("https://a.example", "https://b.example");
		assertThat(properties.s3()).isEqualTo(
				new StorageProperties.S3("files", URI.create("http://s3:7070"), URI.create("https://s3.example/base"),
						"eu-central-1", true, true, null, null, 0, new StorageProperties.S3.Upload("up", "secret")));
	}

	@ParameterizedTest
	@CsvSource({ "endpoint, ftp://s3:7070", "endpoint, s3:7070", "endpoint, //s3", "endpoint, http:/s3",
			"public-endpoint, localhost", "public-endpoint, file:///tmp" })
	void refuseWhatIsNoUrlOfStore(String name, String value) {
		assertRefused(Map.of("stowage.s3.bucket", "files", "stowage.s3." + name, value),
				"stowage.s3." + name + " must be an absolute http or https URL, such as http://localhost:9000");
	}

	@ParameterizedTest
	@ValueSource(strings = { "-1", "65536" })
	void refuseWhatIsNoPort(String value) {
		assertRefused(Map.of("stowage.s3.embedded-port", value), "stowage.s3.embedded-port must be 0 to 65535");
	}

	@Test
	void refuseEndpointWithoutBucket() {
		assertRefused(Map.of("stowage.s3.endpoint", "http://s3:7070", "stowage.s3.bucket", " "),
				"stowage.s3.endpoint is set but stowage.s3.bucket is not. Name the bucket to use there");
	}

	@ParameterizedTest
	@CsvSource({ "AES256, ", "aws:kms, ", "aws:kms, 1234abcd-12ab-34cd-56ef-1234567890ab", "aws:kms:dsse, alias/files",
			"aws:kms, arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab" })
	void requestEncryption(String sse, @Nullable String key) {
		Map<String, String> settings = new HashMap<>(Map.of("stowage.s3.bucket", "files", "stowage.s3.sse", sse));
		settings.put("stowage.s3.sse-kms-key-id", (key != null) ? key : "");
		Map<String, String> headers = bind(settings).s3().encryption().orElseThrow().headers();
		assertThat(headers).containsEntry("x-amz-server-side-encryption", sse);
		assertThat(headers.get("x-amz-server-side-encryption-aws-kms-key-id")).isEqualTo(key);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					aes256     | files | ''  | stowage.s3.sse must be AES256, aws:kms or aws:kms:dsse
					kms        | files | ''  | stowage.s3.sse must be AES256, aws:kms or aws:kms:dsse
					true       | files | ''  | stowage.s3.sse must be AES256, aws:kms or aws:kms:dsse
					AES256     | ''    | ''  | stowage.s3.sse is set, but the embedded store encrypts nothing. Name a bucket with stowage.s3.bucket, or remove the setting
					aws:kms    | embedded | '' | stowage.s3.sse is set, but the embedded store encrypts nothing. Name a bucket with stowage.s3.bucket, or remove the setting
					''         | files | key | stowage.s3.sse-kms-key-id is set but stowage.s3.sse is not. Set it to aws:kms or aws:kms:dsse
					AES256     | files | key | stowage.s3.sse-kms-key-id is set, but stowage.s3.sse is AES256, which has no key. Set it to aws:kms or aws:kms:dsse, or remove the key
					aws:kms    | files | a b | stowage.s3.sse-kms-key-id must be the id, the alias or the ARN of a key
					""")
	void refuseEncryptionThatNoStoreKnows(String sse, String bucket, String key, String message) {
		assertRefused(Map.of("stowage.s3.bucket", bucket, "stowage.s3.sse", sse, "stowage.s3.sse-kms-key-id", key),
				message);
	}

	private static void assertRefused(Map<String, String> settings, String message) {
		assertThatExceptionOfType(BindException.class).isThrownBy(() -> bind(settings))
			.havingRootCause()
			.isInstanceOf(InvalidSettingException.class)
			.withMessage(message);
	}

	private static StorageProperties bind(Map<String, String> settings) {
		return new Binder(new MapConfigurationPropertySource(settings)).bindOrCreate("stowage",
				StorageProperties.class);
	}

}
