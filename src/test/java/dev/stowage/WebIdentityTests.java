package dev.stowage;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import dev.stowage.storage.s3.LenientEngine;
import dev.stowage.support.Answer;
import dev.stowage.support.Caller;
import dev.stowage.support.FakeSts;
import dev.stowage.support.Soon;
import dev.stowage.support.StowageServer;
import dev.stowage.support.SystemProperties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/** A server whose credentials are a token in a file, as on Kubernetes. */
@ExtendWith(OutputCaptureExtension.class)
class WebIdentityTests {

	private static final String ID = "ASIATEMPORARY";

	private static final String SECRET = "the-temporary-secret";

	private static final String ROLE = "arn:aws:iam::111122223333:role/files";

	@TempDir
	private Path folder;

	private final SystemProperties properties = new SystemProperties();

	private LenientEngine engine;

	private FakeSts sts;

	private Path token;

	@BeforeEach
	void start() throws Exception {
		Assumptions.assumeTrue(System.getenv("AWS_ACCESS_KEY_ID") == null, "SKIPPED: AWS_ACCESS_KEY_ID is set here");
		this.engine = LenientEngine.start(Files.createDirectory(this.folder.resolve("engine")), ID, SECRET);
		this.sts = new FakeSts(ID, SECRET);
		this.token = Files.writeString(this.folder.resolve("token"), "the-token");
		// the next source has a key that the engine accepts, too
		Path profile = Files.writeString(this.folder.resolve("profile"),
				"[default]\naws_access_key_id = " + ID + "\naws_secret_access_key = " + SECRET + "\n");
		this.properties.clear("aws.accessKeyId")
			.clear("aws.secretAccessKey")
			.set("aws.sharedCredentialsFile", profile.toString())
			.set("aws.endpointUrlSts", this.sts.endpoint().toString())
			.set("aws.webIdentityTokenFile", this.token.toString())
			.set("aws.roleArn", ROLE);
	}

	@AfterEach
	void stop() throws Exception {
		this.properties.close();
		this.sts.close();
		this.engine.close();
	}

	@Test
	void signsWithTheRoleOfTheToken(CapturedOutput output) {
		try (StowageServer server = start(this.folder)) {
			assertThat(server.alice().uploaded("batch", "a.jsonl", "{}")).startsWith("file-");
			Answer grant = server.alice().post("/v1/files", "{\"filename\": \"a.json\"}");
			assertThat(grant.text("upload_url")).contains("X-Amz-Security-Token=the-session");
			assertThat(grant.json().has("upload_headers")).isFalse();
			assertThat(Caller.sendTo(URI.create(grant.text("upload_url")), "PUT", "{}").status()).isEqualTo(200);
			assertThat(server.alice().post("/v1/files/" + grant.text("id") + "/complete").status()).isEqualTo(200);
		}
		assertThat(this.sts.requests()).isNotEmpty()
			.allSatisfy((request) -> assertThat(request).contains("Action=AssumeRoleWithWebIdentity")
				.contains("RoleArn=" + ROLE)
				.contains("WebIdentityToken=the-token"));
		assertThat(output).contains("Calls to the bucket are signed with the role " + ROLE + ", by web identity")
			.doesNotContain(SECRET)
			.doesNotContain(ID)
			.doesNotContain("the-token")
			.doesNotContain("the-session");
	}

	@Test
	void getsNewCredentialsBeforeTheOldOnesEnd() {
		this.sts.validity(Duration.ofSeconds(30));
		try (StowageServer server = start(this.folder)) {
			int before = this.sts.requests().size();
			assertThat(server.alice().uploaded("batch", "a.jsonl", "{}")).startsWith("file-");
			assertThat(this.sts.requests()).hasSizeGreaterThan(before);
			Answer grant = server.alice().post("/v1/files", "{\"filename\": \"a.json\"}");
			assertThat(grant.json().path("expires_in").asInt()).isBetween(1, 30);
		}
	}

	@Test
	void answers503WhereTheRoleIsTakenAwayLater() {
		this.sts.validity(Duration.ofSeconds(2));
		try (StowageServer server = start(this.folder)) {
			this.sts.refuse();
			Soon.await().until(() -> server.alice().post("/v1/files", "{\"filename\": \"a.json\"}").status() == 503);
		}
	}

	@Test
	void doesNotStartWhereTheTokenIsMissing() throws Exception {
		Files.delete(this.token);
		assertRefused(
				"AWS_WEB_IDENTITY_TOKEN_FILE names " + this.token + ", which is not a file that this server can read");
	}

	@Test
	void doesNotStartWhereTheTokenIsFolder() {
		this.properties.set("aws.webIdentityTokenFile", this.folder.toString());
		assertRefused("AWS_WEB_IDENTITY_TOKEN_FILE names " + this.folder + ", which is not a file");
	}

	@Test
	void doesNotStartWithoutARole() {
		this.properties.clear("aws.roleArn");
		Assumptions.assumeTrue(System.getenv("AWS_ROLE_ARN") == null, "SKIPPED: AWS_ROLE_ARN is set here");
		assertRefused("AWS_WEB_IDENTITY_TOKEN_FILE is set but AWS_ROLE_ARN is not");
	}

	@Test
	void doesNotStartWhereTheRoleIsRefused() {
		this.sts.refuse();
		assertRefused("AWS_WEB_IDENTITY_TOKEN_FILE is set, but its token does not give the role " + ROLE
				+ ": Not authorized to perform sts:AssumeRoleWithWebIdentity");
	}

	@Test
	void doesNotStartWhereNobodyAnswers() {
		this.sts.close();
		assertRefused("AWS_WEB_IDENTITY_TOKEN_FILE is set, but its token does not give the role " + ROLE);
	}

	@Test
	void takesAnEmptyVariableAsNotSet(CapturedOutput output) {
		this.properties.set("aws.webIdentityTokenFile", "");
		try (StowageServer server = start(this.folder)) {
			assertThat(server.alice().uploaded("batch", "a.jsonl", "{}")).startsWith("file-");
		}
		assertThat(output).contains("Calls to the bucket are signed with a profile of the AWS configuration files")
			.doesNotContain(SECRET);
	}

	@Test
	void prefersAnAccessKey(CapturedOutput output) {
		this.properties.set("aws.accessKeyId", ID).set("aws.secretAccessKey", SECRET);
		try (StowageServer server = start(this.folder)) {
			assertThat(server.alice().uploaded("batch", "a.jsonl", "{}")).startsWith("file-");
		}
		assertThat(output).contains("Calls to the bucket are signed with an access key from system properties")
			.doesNotContain(SECRET);
		assertThat(this.sts.requests()).isEmpty();
	}

	private void assertRefused(String message) {
		assertThatException().isThrownBy(() -> start(this.folder).close()).satisfies((failure) -> {
			StringBuilder texts = new StringBuilder();
			for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
				texts.append(cause.getMessage()).append('\n');
			}
			assertThat(texts.toString()).contains(message).doesNotContain("the-token").doesNotContain(SECRET);
		});
	}

	private StowageServer start(Path data) {
		return StowageServer.start(data, LenientEngine.settings(this.engine.endpoint()));
	}

}
