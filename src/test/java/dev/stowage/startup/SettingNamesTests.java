package dev.stowage.startup;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import dev.stowage.console.ConsoleProperties;
import dev.stowage.event.WebhookProperties;
import dev.stowage.http.HttpProperties;
import dev.stowage.http.limits.LimitProperties;
import dev.stowage.security.SecurityProperties;
import dev.stowage.security.TokenProperties;
import dev.stowage.settings.DurationOrNever;
import dev.stowage.settings.InvalidSettingException;
import dev.stowage.storage.DurabilityProperties;
import dev.stowage.storage.StorageProperties;
import dev.stowage.sweep.SweepProperties;
import dev.stowage.upload.UploadProperties;
import dev.stowage.upload.append.AppendProperties;
import dev.stowage.upload.parts.PartProperties;
import dev.stowage.upload.pending.PendingProperties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/** The names, defaults and notations of all settings. */
@ExtendWith(OutputCaptureExtension.class)
class SettingNamesTests {

	private static final String WEBHOOK_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

	@Test
	void areTheseAndNoOthers() {
		assertThat(SettingNames.all()).containsExactly("stowage.address-share", "stowage.admin-key",
				"stowage.adopt-store", "stowage.api-keys", "stowage.audit", "stowage.console",
				"stowage.content-redirect", "stowage.cors-origins", "stowage.data-dir", "stowage.embedded-sync",
				"stowage.expiry.assistants", "stowage.expiry.batch", "stowage.expiry.context", "stowage.expiry.evals",
				"stowage.expiry.fine-tune", "stowage.expiry.user-data", "stowage.expiry.vision",
				"stowage.idempotency.ttl", "stowage.jwt.audience", "stowage.jwt.issuer", "stowage.jwt.owner-claim",
				"stowage.max-file-size", "stowage.max-pending", "stowage.max-requests", "stowage.metrics-key",
				"stowage.metrics-owners", "stowage.min-download-rate", "stowage.min-free-space",
				"stowage.min-upload-rate", "stowage.owner-share", "stowage.presigned.completion-window",
				"stowage.presigned.max-size", "stowage.purposes", "stowage.quota-bytes", "stowage.quota-files",
				"stowage.rate-limit", "stowage.resumable.interim-responses", "stowage.resumable.max-age",
				"stowage.resumable.max-size", "stowage.s3.bucket", "stowage.s3.embedded-port", "stowage.s3.endpoint",
				"stowage.s3.path-style", "stowage.s3.public-endpoint", "stowage.s3.region", "stowage.s3.sign-payload",
				"stowage.s3.sse", "stowage.s3.sse-kms-key-id", "stowage.s3.upload.access-key-id",
				"stowage.s3.upload.secret-access-key", "stowage.shutdown-delay", "stowage.sweep-interval",
				"stowage.sweep.max-clock-jump", "stowage.sweep.max-share", "stowage.sweep.usual-count",
				"stowage.upload-timeout", "stowage.upload-url-ttl", "stowage.uploads-at-once", "stowage.uploads.life",
				"stowage.uploads.max-size", "stowage.webhook.allowed-networks", "stowage.webhook.secret",
				"stowage.webhook.url");
	}

	@Test
	void haveTheseDefaults() {
		Map<String, Object> none = Map.of();
		DurationOrNever never = new DurationOrNever(Optional.empty());
		DurationOrNever month = new DurationOrNever(Optional.of(Duration.ofDays(30)));
		assertThat(bind(none, UploadProperties.class))
			.isEqualTo(new UploadProperties(DataSize.ofMegabytes(512), Duration.ofMinutes(10), Duration.ofMinutes(5),
					new UploadProperties.Presigned(DataSize.ofMegabytes(200), Duration.ofHours(1)),
					new UploadProperties.Expiry(never, month, never, never, never, never, month),
					new UploadProperties.Idempotency(Duration.ofDays(1)), List.of()));
		assertThat(bind(none, ConsoleProperties.class)).isEqualTo(new ConsoleProperties(true));
		assertThat(bind(none, PendingProperties.class)).isEqualTo(new PendingProperties(10_000));
		assertThat(bind(none, PartProperties.class))
			.isEqualTo(new PartProperties(new PartProperties.Uploads(DataSize.ofGigabytes(8), Duration.ofHours(1))));
		assertThat(bind(none, AppendProperties.class)).isEqualTo(new AppendProperties(
				new AppendProperties.Resumable(Duration.ofDays(1), DataSize.ofGigabytes(100), true)));
		assertThat(bind(none, StorageProperties.class)).isEqualTo(
				new StorageProperties(Path.of("data"), List.of(), Duration.ofMinutes(5), new StorageProperties.S3(null,
						null, null, null, false, true, null, null, 9000, new StorageProperties.S3.Upload(null, null))));
		assertThat(bind(none, DurabilityProperties.class))
			.isEqualTo(new DurabilityProperties(DataSize.ofMegabytes(64), true, false));
		assertThat(bind(none, HttpProperties.class)).isEqualTo(new HttpProperties(Duration.ofMinutes(5),
				DataSize.ofKilobytes(1), DataSize.ofBytes(0), 0, 75, 90, Duration.ZERO, List.of(), false));
		assertThat(bind(none, LimitProperties.class)).isEqualTo(new LimitProperties(0, 0));
		assertThat(bind(none, SweepProperties.class))
			.isEqualTo(new SweepProperties(new DurationOrNever(Optional.of(Duration.ofMinutes(1))),
					new SweepProperties.Sweep(Duration.ofHours(1), 0.5, 1000)));
		assertThat(bind(none, SecurityProperties.class)).isEqualTo(new SecurityProperties(List.of(), null, null));
		assertThat(bind(none, TokenProperties.class))
			.isEqualTo(new TokenProperties(new TokenProperties.Jwt(null, null, "sub")));
		assertThat(bind(none, WebhookProperties.class))
			.isEqualTo(new WebhookProperties(new WebhookProperties.Webhook(null, null, List.of())));
	}

	@Test
	void canAllBeSetByTheirEnvironmentVariable() {
		Map<String, Object> variables = Map.ofEntries(Map.entry("STOWAGE_MAX_FILE_SIZE", "1GB"),
				Map.entry("STOWAGE_SHUTDOWN_DELAY", "7"), Map.entry("STOWAGE_UPLOAD_URL_TTL", "60"),
				Map.entry("STOWAGE_UPLOAD_TIMEOUT", "1m"), Map.entry("STOWAGE_SWEEP_INTERVAL", "-"),
				Map.entry("STOWAGE_SWEEP_MAX_CLOCK_JUMP", "2h"), Map.entry("STOWAGE_SWEEP_MAX_SHARE", "1"),
				Map.entry("STOWAGE_SWEEP_USUAL_COUNT", "7"), Map.entry("STOWAGE_PRESIGNED_MAX_SIZE", "1MB"),
				Map.entry("STOWAGE_PRESIGNED_COMPLETION_WINDOW", "2h"), Map.entry("STOWAGE_EXPIRY_BATCH", "never"),
				Map.entry("STOWAGE_EXPIRY_FINE_TUNE", "1d"), Map.entry("STOWAGE_EXPIRY_USER_DATA", "90"),
				Map.entry("STOWAGE_IDEMPOTENCY_TTL", "2h"), Map.entry("STOWAGE_S3_BUCKET", "b"),
				Map.entry("STOWAGE_S3_ENDPOINT", "http://s3:1"),
				Map.entry("STOWAGE_S3_PUBLIC_ENDPOINT", "http://localhost:1"), Map.entry("STOWAGE_S3_REGION", "r"),
				Map.entry("STOWAGE_S3_PATH_STYLE", "true"), Map.entry("STOWAGE_S3_SSE", "aws:kms"),
				Map.entry("STOWAGE_S3_SSE_KMS_KEY_ID", "alias/k"), Map.entry("STOWAGE_S3_SIGN_PAYLOAD", "false"),
				Map.entry("STOWAGE_MIN_UPLOAD_RATE", "2KB"), Map.entry("STOWAGE_MIN_DOWNLOAD_RATE", "9"),
				Map.entry("STOWAGE_MAX_REQUESTS", "7"), Map.entry("STOWAGE_MAX_PENDING", "8"),
				Map.entry("STOWAGE_OWNER_SHARE", "60"), Map.entry("STOWAGE_ADDRESS_SHARE", "70"),
				Map.entry("STOWAGE_S3_EMBEDDED_PORT", "1"), Map.entry("STOWAGE_DATA_DIR", "/d"),
				Map.entry("STOWAGE_CORS_ORIGINS", "http://a,http://b"), Map.entry("STOWAGE_CONTENT_REDIRECT", "true"),
				Map.entry("STOWAGE_METRICS_KEY", "0123456789abcdef0"),
				Map.entry("STOWAGE_ADMIN_KEY", "0123456789abcdef1"), Map.entry("STOWAGE_MIN_FREE_SPACE", "1GB"),
				Map.entry("STOWAGE_EMBEDDED_SYNC", "false"), Map.entry("STOWAGE_ADOPT_STORE", "true"),
				Map.entry("STOWAGE_CONSOLE", "off"), Map.entry("STOWAGE_PURPOSES", "ocr,file-extract"),
				Map.entry("STOWAGE_RATE_LIMIT", "600"), Map.entry("STOWAGE_UPLOADS_AT_ONCE", "5"),
				Map.entry("STOWAGE_UPLOADS_LIFE", "2h"), Map.entry("STOWAGE_UPLOADS_MAX_SIZE", "9MB"),
				Map.entry("STOWAGE_RESUMABLE_MAX_AGE", "3h"), Map.entry("STOWAGE_RESUMABLE_MAX_SIZE", "8MB"),
				Map.entry("STOWAGE_RESUMABLE_INTERIM_RESPONSES", "false"),
				Map.entry("STOWAGE_S3_UPLOAD_ACCESS_KEY_ID", "up"),
				Map.entry("STOWAGE_S3_UPLOAD_SECRET_ACCESS_KEY", "secret"),
				Map.entry("STOWAGE_JWT_ISSUER", "https://issuer.example/"), Map.entry("STOWAGE_JWT_AUDIENCE", "files"),
				Map.entry("STOWAGE_JWT_OWNER_CLAIM", "tenant"),
				Map.entry("STOWAGE_WEBHOOK_URL", "https://hooks.example/"),
				Map.entry("STOWAGE_WEBHOOK_SECRET", WEBHOOK_SECRET),
				Map.entry("STOWAGE_WEBHOOK_ALLOWED_NETWORKS", "10.0.0.0/8,fd00::/8"),
				Map.entry("STOWAGE_API_KEYS", "a=0123456789abcdef,b=123456789abcdef0"));
		DurationOrNever never = new DurationOrNever(Optional.empty());
		UploadProperties file = bind(variables, UploadProperties.class);
		assertThat(bind(variables, PartProperties.class))
			.isEqualTo(new PartProperties(new PartProperties.Uploads(DataSize.ofMegabytes(9), Duration.ofHours(2))));
		assertThat(bind(variables, AppendProperties.class)).isEqualTo(new AppendProperties(
				new AppendProperties.Resumable(Duration.ofHours(3), DataSize.ofMegabytes(8), false)));
		assertThat(file.uploadTimeout()).isEqualTo(Duration.ofMinutes(1));
		assertThat(bind(variables, ConsoleProperties.class)).isEqualTo(new ConsoleProperties(false));
		assertThat(bind(variables, PendingProperties.class)).isEqualTo(new PendingProperties(8));
		assertThat(file.presigned().maxSize()).isEqualTo(DataSize.ofMegabytes(1));
		assertThat(file.maxFileSize()).isEqualTo(DataSize.ofGigabytes(1));
		assertThat(file.uploadUrlTtl()).isEqualTo(Duration.ofMinutes(1));
		assertThat(file.expiry().batch().duration()).isEmpty();
		assertThat(file.expiry().fineTune().duration()).contains(Duration.ofDays(1));
		assertThat(file.expiry().userData().duration()).contains(Duration.ofSeconds(90));
		assertThat(file.presigned().completionWindow()).isEqualTo(Duration.ofHours(2));
		assertThat(file.idempotency().ttl()).isEqualTo(Duration.ofHours(2));
		assertThat(bind(variables, HttpProperties.class))
			.isEqualTo(new HttpProperties(Duration.ofMinutes(1), DataSize.ofKilobytes(2), DataSize.ofBytes(9), 7, 60,
					70, Duration.ofSeconds(7), List.of("http://a", "http://b"), true));
		assertThat(bind(variables, LimitProperties.class)).isEqualTo(new LimitProperties(600, 5));
		assertThat(bind(variables, SweepProperties.class))
			.isEqualTo(new SweepProperties(never, new SweepProperties.Sweep(Duration.ofHours(2), 1, 7)));
		StorageProperties storage = bind(variables, StorageProperties.class);
		assertThat(storage.dataDir()).isEqualTo(Path.of("/d"));
		assertThat(storage.uploadTimeout()).isEqualTo(Duration.ofMinutes(1));
		assertThat(storage.s3())
			.isEqualTo(new StorageProperties.S3("b", URI.create("http://s3:1"), URI.create("http://localhost:1"), "r",
					true, false, "aws:kms", "alias/k", 1, new StorageProperties.S3.Upload("up", "secret")));
		assertThat(storage.corsOrigins()).containsExactly("http://a", "http://b");
		assertThat(bind(variables, DurabilityProperties.class))
			.isEqualTo(new DurabilityProperties(DataSize.ofGigabytes(1), false, true));
		SecurityProperties security = bind(variables, SecurityProperties.class);
		assertThat(security.apiKeys()).hasSize(2);
		assertThat(security.metricsKey()).isEqualTo("0123456789abcdef0");
		assertThat(bind(variables, TokenProperties.class))
			.isEqualTo(new TokenProperties(new TokenProperties.Jwt("https://issuer.example/", "files", "tenant")));
		assertThat(bind(variables, WebhookProperties.class))
			.isEqualTo(new WebhookProperties(new WebhookProperties.Webhook("https://hooks.example/", WEBHOOK_SECRET,
					List.of("10.0.0.0/8", "fd00::/8"))));
		assertThatNoException().isThrownBy(() -> SettingNames.requireKnown(environment(variables)));
	}

	@ParameterizedTest
	@CsvSource({ "STOWAGE_MAX_FILESIZES, stowage.max-file-size", "STOWAGE_API_KEY, stowage.api-keys",
			"STOWAGE_CORS_ORIGIN, stowage.cors-origins", "STOWAGE_S3_REGOIN, stowage.s3.region",
			"STOWAGE_EXPIRY_USERDATE, stowage.expiry.user-data" })
	void areRefusedWhenMisspeltInTheEnvironment(String name, String meant) {
		assertThatExceptionOfType(InvalidSettingException.class)
			.isThrownBy(() -> SettingNames.requireKnown(environment(Map.of(name, "1"))))
			.withMessageContaining("'" + name + "'")
			.withMessageContaining("Did you mean " + meant + "?")
			.satisfies((ex) -> assertThat(ex.action()).contains("stowage.max-file-size"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "STOWAGE_URL", "STOWAGE_VERSION", "STOWAGE_KEY", "STOWAGE_S3_KEY", "STOWAGE_PORT" })
	void areAWarningWhereTheEnvironmentHoldsWhatMayBeAnotherPrograms(String name, CapturedOutput output) {
		assertThatNoException().isThrownBy(() -> SettingNames.requireKnown(environment(Map.of(name, "secret-value"))));
		assertThat(output.getOut().lines().filter((line) -> line.contains("WARN"))).singleElement()
			.asString()
			.contains("The environment variable " + name + " is not a setting of Stowage")
			.doesNotContain("secret-value");
	}

	@Test
	void areRefusedInAFileWhateverTheyResemble() {
		StandardEnvironment environment = environment(Map.of());
		environment.getPropertySources().addFirst(new MapPropertySource("file", Map.of("stowage.url", "http://a")));
		assertThatExceptionOfType(InvalidSettingException.class)
			.isThrownBy(() -> SettingNames.requireKnown(environment))
			.withMessage("Unknown setting 'stowage.url' in file.");
	}

	@Test
	void areNotWhatKubernetesSetsForAService() {
		assertThatNoException().isThrownBy(() -> SettingNames
			.requireKnown(environment(Map.of("STOWAGE_SERVICE_HOST", "10.0.0.1", "STOWAGE_PORT", "tcp://10.0.0.1:80",
					"STOWAGE_PORT_80_TCP_ADDR", "10.0.0.1", "STOWAGE_S3_SERVICE_PORT_HTTP", "80"))));
	}

	@Test
	void areAllDocumented() throws IOException {
		String readme = Files.readString(Path.of("src/docs/configuration.md"));
		assertThat(SettingNames.all()).filteredOn((name) -> !name.startsWith("stowage.expiry."))
			.allSatisfy((name) -> assertThat(readme)
				.contains("`" + name.replaceAll("[.-]", "_").toUpperCase(Locale.ROOT) + "`"));
		assertThat(readme).contains("`STOWAGE_EXPIRY_<PURPOSE>`");
	}

	private static <T> T bind(Map<String, Object> variables, Class<T> type) {
		return Binder.get(environment(variables)).bindOrCreate("stowage", type);
	}

	private static StandardEnvironment environment(Map<String, Object> variables) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().remove(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME);
		environment.getPropertySources()
			.replace(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, new SystemEnvironmentPropertySource(
					StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));
		try {
			new YamlPropertySourceLoader().load("application", new ClassPathResource("application.yaml"))
				.forEach(environment.getPropertySources()::addLast);
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
		ConfigurationPropertySources.attach(environment);
		return environment;
	}

}
