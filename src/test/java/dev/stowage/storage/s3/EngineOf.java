package dev.stowage.storage.s3;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import dev.stowage.storage.DataDisk;
import dev.stowage.storage.StorageProperties;
import dev.stowage.storage.embedded.EmbeddedS3;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CORSRule;

import org.springframework.context.ApplicationContext;

/** The engine behind a whole server, as its tests see and treat it. */
public final class EngineOf extends TestBucket {

	public EngineOf(ApplicationContext context) {
		super(context.getBean(S3Connection.class), context.getBean(S3Client.class));
	}

	/**
	 * Lets pages of an origin use the bucket, like its operator would; the embedded
	 * engine reads that from the settings.
	 */
	public void allow(String origin) {
		if (this.connection.engine() instanceof EmbeddedS3) {
			return;
		}
		CORSRule rule = CORSRule.builder()
			.allowedOrigins(origin)
			.allowedMethods("GET", "HEAD", "PUT")
			.allowedHeaders("*")
			.exposeHeaders("ETag", "Content-Length", "Content-Range", "Content-Disposition")
			.build();
		this.client.putBucketCors((request) -> request.bucket(this.connection.bucket())
			.corsConfiguration((cors) -> cors.corsRules(rule)));
	}

	/** Checks the disk of the data folder once. */
	public static void tendDisk(ApplicationContext context) {
		context.getBean(DataDisk.class).tend();
	}

	/** Stops it: from now on connections are refused. */
	public void stop() throws Exception {
		this.connection.close();
	}

	/** Starts it again over the folder of the server's data, on the same port. */
	public AutoCloseable startAgain(Path dataDir) {
		int port = this.connection.endpoint().orElseThrow().getPort();
		return EmbeddedS3
			.start(new StorageProperties(dataDir, List.of(), Duration.ofMinutes(5), new StorageProperties.S3(null, null,
					null, null, false, true, null, null, port, new StorageProperties.S3.Upload(null, null))));
	}

}
