package dev.stowage.storage.s3;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import dev.stowage.storage.embedded.EmbeddedS3;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;

/**
 * {@link ObjectStoreContract} with bodies signed, as for an engine across a network. The
 * embedded engine does not accept them, so S3Proxy runs without its gate.
 */
class SignedPayloadObjectStoreTests extends ObjectStoreContract {

	private static final String BUCKET = "bucket";

	@TempDir
	static Path folder;

	@Override
	protected S3Connection connect() throws Exception {
		AwsBasicCredentials key = AwsBasicCredentials.create("id", "secret");
		S3Proxy engine = start(key);
		return new S3Connection(Optional.of(URI.create("http://127.0.0.1:" + engine.getPort())), Optional.empty(),
				Region.US_EAST_1, true, true, BUCKET, StaticCredentialsProvider.create(key), engine::stop);
	}

	private static S3Proxy start(AwsBasicCredentials key) throws Exception {
		Files.createDirectories(folder.resolve(BUCKET));
		S3Proxy engine = S3Proxy.builder()
			.endpoint(URI.create("http://127.0.0.1:0"))
			.awsAuthentication(AuthenticationType.AWS_V4, key.accessKeyId(), key.secretAccessKey())
			.blobStore(new FilesystemNio2BlobStore(folder.toString()))
			.build();
		EmbeddedS3.suitUs(engine);
		engine.start();
		return engine;
	}

}
