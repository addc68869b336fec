package dev.stowage.storage.s3;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import dev.stowage.storage.StorageStartException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.auth.credentials.InstanceProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.SystemPropertyCredentialsProvider;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsWebIdentityTokenFileCredentialsProvider;

/**
 * Finds the credentials of the server where the AWS SDK looks for them, in the same
 * order. Unlike the SDK's own chain, it never passes over a web identity that does not
 * work: the next source may be the role of the machine, which may do more.
 */
final class S3Credentials {

	private static final Logger logger = LoggerFactory.getLogger(S3Credentials.class);

	private static final Duration ATTEMPT = Duration.ofSeconds(5);

	private static final Duration CALL = Duration.ofSeconds(20);

	private S3Credentials() {
	}

	/**
	 * Returns the first that work, and logs their kind.
	 * @param region where roles are assumed, unless {@code AWS_REGION} names another
	 * @throws StorageStartException when there are none, or the web identity that is
	 * configured cannot be used
	 */
	static AwsCredentialsProvider found(Region region) {
		StorageStartException none = new StorageStartException("No credentials for the bucket were found."
				+ " Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or use another source that the AWS SDK supports",
				null);
		for (Source source : sources(region)) {
			try {
				AwsCredentialsProvider credentials = source.provider().get();
				credentials.resolveCredentials();
				logger.info("Calls to the bucket are signed with {}", source.kind());
				return credentials;
			}
			catch (StorageStartException ex) {
				throw ex;
			}
			catch (RuntimeException ex) {
				// such as a configuration file that cannot be read
				none.addSuppressed(ex);
			}
		}
		throw none;
	}

	private static List<Source> sources(Region region) {
		List<Source> sources = new ArrayList<>();
		sources.add(new Source("an access key from system properties", SystemPropertyCredentialsProvider::create));
		sources.add(new Source("an access key from the environment", EnvironmentVariableCredentialsProvider::create));
		WebIdentity.configured(region).ifPresent((identity) -> sources.add(identity.source()));
		sources.add(new Source("a profile of the AWS configuration files", ProfileCredentialsProvider::create));
		sources
			.add(new Source("the role of the container or pod", () -> ContainerCredentialsProvider.builder().build()));
		sources.add(new Source("the role of the machine", InstanceProfileCredentialsProvider::create));
		return sources;
	}

	/** One place where credentials may be. */
	private record Source(String kind, Supplier<AwsCredentialsProvider> provider) {
	}

	/** A token that the platform keeps in a file, to be exchanged for a role. */
	private record WebIdentity(String role, Region region) {

		private static Optional<WebIdentity> configured(Region region) {
			return value(SdkSystemSetting.AWS_WEB_IDENTITY_TOKEN_FILE).map((file) -> {
				Path token = Path.of(file);
				if (!Files.isRegularFile(token) || !Files.isReadable(token)) {
					throw new StorageStartException("AWS_WEB_IDENTITY_TOKEN_FILE names " + file
							+ ", which is not a file that this server can read. Mount the token there, or remove the"
							+ " variable", null);
				}
				String role = value(SdkSystemSetting.AWS_ROLE_ARN)
					.orElseThrow(() -> new StorageStartException("AWS_WEB_IDENTITY_TOKEN_FILE is set but AWS_ROLE_ARN"
							+ " is not. Name the role to assume, or remove the variable", null));
				return new WebIdentity(role, value(SdkSystemSetting.AWS_REGION).map(Region::of).orElse(region));
			});
		}

		private static Optional<String> value(SdkSystemSetting setting) {
			return setting.getStringValue().filter((value) -> !value.isBlank());
		}

		private Source source() {
			return new Source("the role " + this.role + ", by web identity", this::provider);
		}

		private AwsCredentialsProvider provider() {
			StsClient sts = StsClient.builder()
				.httpClientBuilder((defaults) -> new S3HttpClient())
				.region(this.region)
				.credentialsProvider(AnonymousCredentialsProvider.create())
				.overrideConfiguration((calls) -> calls.apiCallAttemptTimeout(ATTEMPT).apiCallTimeout(CALL))
				.build();
			try {
				AwsCredentialsProvider credentials = StsWebIdentityTokenFileCredentialsProvider.builder()
					.stsClient(sts)
					.build();
				credentials.resolveCredentials();
				return credentials;
			}
			catch (RuntimeException ex) {
				sts.close();
				throw new StorageStartException(
						"AWS_WEB_IDENTITY_TOKEN_FILE is set, but its token does not give the role " + this.role + ": "
								+ ex.getMessage() + ". Check AWS_ROLE_ARN and the role's trust policy, or"
								+ " remove the variable",
						ex);
			}
		}

	}

}
