package dev.stowage.storage.embedded;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

import dev.stowage.storage.DurabilityProperties;
import dev.stowage.storage.ObjectInfo;
import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectStore;
import dev.stowage.storage.ObjectStoreException;
import dev.stowage.storage.SignedRequest;
import dev.stowage.storage.StorageProperties;
import dev.stowage.storage.s3.FaultyS3;
import dev.stowage.storage.s3.S3Call;
import dev.stowage.storage.s3.S3Connection;
import dev.stowage.storage.s3.Samples;
import dev.stowage.storage.s3.StoreUnderTest;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsCredentials;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class StorageConfigurationTests {

	private static final ObjectKey KEY = new ObjectKey("tests/a");

	@TempDir
	private Path folder;

	private EmbeddedS3 engine;

	private URI endpoint;

	private ApplicationContextRunner context;

	@BeforeEach
	void start() {
		this.engine = StoreUnderTest.startEmbedded(this.folder);
		S3Connection connection = this.engine.connection();
		AwsCredentials credentials = connection.credentials().resolveCredentials();
		this.endpoint = connection.endpoint().orElseThrow();
		this.context = new ApplicationContextRunner()
			.withUserConfiguration(Settings.class, EmbeddedConfiguration.class, StoreUnderTest.CONFIGURATION)
			.withSystemProperties("aws.accessKeyId=" + credentials.accessKeyId(),
					"aws.secretAccessKey=" + credentials.secretAccessKey())
			.withPropertyValues("stowage.s3.bucket=" + connection.bucket(), "stowage.s3.endpoint=" + this.endpoint,
					"stowage.s3.region=us-east-1", "stowage.s3.path-style=true", "stowage.s3.sign-payload=false");
	}

	@AfterEach
	void stop() throws Exception {
		this.engine.close();
	}

	@Test
	void usesTheBucketThatIsNamed() {
		this.context.run((context) -> {
			ObjectStore store = context.getBean(ObjectStore.class);
			assertThat(store.put(KEY, Samples.stream(new byte[3]), 3)).isEqualTo(3);
			assertThat(health(context.getBean("storeHealthIndicator", HealthIndicator.class))).isEqualTo(Status.UP);
		});
		assertThat(this.folder.resolve("objects/stowage/tests/a")).hasSize(3);
	}

	@Test
	void leavesAnExternalStoreRunning() {
		this.context.run((context) -> assertThat(context).hasNotFailed());
		this.context.run((context) -> context.getBean(ObjectStore.class).ping());
	}

	@Test
	void startsTheEmbeddedStoreWhereTheBucketIsEmpty(@TempDir Path data) {
		new ApplicationContextRunner()
			.withUserConfiguration(Settings.class, EmbeddedConfiguration.class, StoreUnderTest.CONFIGURATION)
			.withPropertyValues("stowage.s3.bucket=", "stowage.data-dir=" + data, "stowage.s3.embedded-port=0")
			.run((context) -> {
				ObjectStore store = context.getBean(ObjectStore.class);
				assertThat(store.put(KEY, Samples.stream(new byte[3]), 3)).isEqualTo(3);
				assertThat(data.resolve("objects/stowage/tests/a")).hasSize(3);
			});
	}

	@Test
	void stopsTheEmbeddedStoreWithTheServer(@TempDir Path data) throws Exception {
		int port = freePort();
		ApplicationContextRunner embedded = new ApplicationContextRunner()
			.withUserConfiguration(Settings.class, EmbeddedConfiguration.class, StoreUnderTest.CONFIGURATION)
			.withPropertyValues("stowage.data-dir=" + data, "stowage.s3.embedded-port=" + port);
		embedded.run((context) -> context.getBean(ObjectStore.class).ping());
		embedded.run((context) -> context.getBean(ObjectStore.class).ping());
		assertThat(Files.isDirectory(data.resolve("objects"))).isTrue();
	}

	@Test
	void refusesBucketThatDoesNotExist() {
		this.context.withPropertyValues("stowage.s3.bucket=no-such-bucket").run((context) -> {
			assertThat(context).hasFailed();
			assertThat(context.getStartupFailure()).hasStackTraceContaining("StorageStartException")
				.hasStackTraceContaining("The bucket 'no-such-bucket' at " + this.endpoint + " answers 404");
		});
	}

	@Test
	void refusesWrongCredentials() {
		this.context.withSystemProperties("aws.secretAccessKey=wrong")
			.run((context) -> assertThat(context.getStartupFailure())
				.hasStackTraceContaining("The bucket 'stowage' at " + this.endpoint + " answers 403")
				.hasStackTraceContaining("AWS_SECRET_ACCESS_KEY"));
	}

	@Test
	void startsThoughTheStoreIsAway() throws Exception {
		this.context.withPropertyValues("stowage.s3.endpoint=http://127.0.0.1:" + freePort()).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThatExceptionOfType(ObjectStoreException.class)
				.isThrownBy(() -> context.getBean(ObjectStore.class).ping());
			assertThat(health(context.getBean("storeHealthIndicator", HealthIndicator.class))).isEqualTo(Status.DOWN);
		});
	}

	@Test
	void saysThatNoCredentialsWereFound() {
		assumeNothingIsConfiguredHere("AWS_ACCESS_KEY_ID");
		this.context
			.withSystemProperties("aws.accessKeyId", "aws.secretAccessKey", "aws.disableEc2Metadata=true",
					"aws.sharedCredentialsFile=" + this.folder.resolve("none"),
					"aws.configFile=" + this.folder.resolve("none"))
			.run((context) -> assertThat(context.getStartupFailure())
				.hasStackTraceContaining("No credentials for the bucket were found. Set AWS_ACCESS_KEY_ID"));
	}

	@Test
	void saysThatNoRegionIsKnown() {
		assumeNothingIsConfiguredHere("AWS_REGION");
		this.context
			.withSystemProperties("aws.disableEc2Metadata=true", "aws.configFile=" + this.folder.resolve("none"),
					"aws.sharedCredentialsFile=" + this.folder.resolve("none"))
			.withPropertyValues("stowage.s3.region=")
			.run((context) -> assertThat(context.getStartupFailure())
				.hasStackTraceContaining("The region of the bucket is not known. Set STOWAGE_S3_REGION"));
	}

	private static void assumeNothingIsConfiguredHere(String variable) {
		Assumptions.assumeTrue(System.getenv(variable) == null, "SKIPPED: " + variable + " is set here");
	}

	@Test
	void signsForThePublicEndpointAndCallsTheInnerOne() throws Exception {
		try (FaultyS3 gateway = new FaultyS3(this.endpoint); HttpClient http = HttpClient.newHttpClient()) {
			this.context.withPropertyValues("stowage.s3.public-endpoint=" + gateway.endpoint()).run((context) -> {
				ObjectStore store = context.getBean(ObjectStore.class);
				SignedRequest put = store.signPut(KEY, Duration.ofMinutes(1));
				SignedRequest get = store.signGet(KEY, Duration.ofMinutes(1), "text/plain", "inline");
				assertThat(put.url()).hasAuthority(gateway.endpoint().getAuthority());
				assertThat(get.url()).hasAuthority(gateway.endpoint().getAuthority());
				HttpResponse<Void> answer = http.send(
						HttpRequest.newBuilder(put.url()).PUT(HttpRequest.BodyPublishers.ofString("abc")).build(),
						HttpResponse.BodyHandlers.discarding());
				assertThat(answer.statusCode()).isEqualTo(200);
				assertThat(store.find(KEY)).map(ObjectInfo::size).contains(3L);
			});
			assertThat(gateway.seen()).containsExactly(S3Call.PUT_OBJECT);
		}
	}

	private static Status health(HealthIndicator indicator) {
		return Objects.requireNonNull(indicator.health()).getStatus();
	}

	private static int freePort() throws Exception {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableConfigurationProperties({ StorageProperties.class, DurabilityProperties.class })
	static class Settings {

		@Bean
		ObservationRegistry observations() {
			return ObservationRegistry.NOOP;
		}

	}

}
