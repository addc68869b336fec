package dev.stowage.faults;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

import dev.stowage.storage.s3.NamedEngine;
import dev.stowage.storage.s3.TestStore;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;

/**
 * The gateway of the Ceph that {@code src/test/ceph/up} has started, whose options name
 * its folder; any other engine can be used, but not killed.
 */
final class CephGateway implements Engine {

	private final String bucket = "stowage-faults-" + UUID.randomUUID();

	CephGateway() {
		NamedEngine.settings(this.bucket);
	}

	@Override
	public String name() {
		return "Ceph";
	}

	@Override
	public URI endpoint() {
		return URI.create(System.getProperty("test.s3.endpoint"));
	}

	@Override
	public String bucket() {
		return this.bucket;
	}

	@Override
	public AwsCredentials credentials() {
		try (DefaultCredentialsProvider provider = DefaultCredentialsProvider.builder().build()) {
			return provider.resolveCredentials();
		}
	}

	@Override
	public Optional<AwsCredentials> uploadCredentials() {
		return Optional.of(AwsBasicCredentials.create(System.getProperty("test.s3.upload.access-key"),
				System.getProperty("test.s3.upload.secret-key")));
	}

	@Override
	public void kill() throws IOException {
		long pid = Long.parseLong(Files.readString(folder().resolve("run/client.rgw.pid")).strip());
		ProcessHandle gateway = ProcessHandle.of(pid).orElseThrow();
		if (!gateway.info().commandLine().orElse("").contains(folder().resolve("ceph.conf").toString())) {
			throw new IOException("Process " + pid + " is not the gateway");
		}
		gateway.destroyForcibly();
		Waiting.await("the gateway's end").until(() -> !gateway.isAlive());
	}

	@Override
	public void startAgain() throws IOException, InterruptedException {
		Process start = new ProcessBuilder("radosgw", "-c", folder().resolve("ceph.conf").toString(), "-n",
				"client.rgw")
			.redirectErrorStream(true)
			.redirectOutput(folder().resolve("log/gateway").toFile())
			.start();
		if (start.waitFor() != 0) {
			throw new IOException("radosgw did not start: see " + folder());
		}
		Waiting.await("the gateway").until(() -> Waiting.listens(endpoint().getPort()));
	}

	private static Path folder() {
		return Path.of(System.getProperty("test.s3.ceph"));
	}

	@Override
	public void close() throws IOException {
		try (TestStore store = TestStore.named(this.bucket)) {
			store.clear();
		}
	}

}
