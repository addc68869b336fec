package dev.stowage.storage.s3;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.stowage.storage.embedded.EmbeddedS3;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/**
 * An S3Proxy without the gate of the embedded store, which accepts a session's token and
 * the headers of encryption, and encrypts nothing.
 */
public final class LenientEngine implements AutoCloseable {

	private static final String BUCKET = "bucket";

	private final S3Proxy proxy;

	private LenientEngine(S3Proxy proxy) {
		this.proxy = proxy;
	}

	/** Starts one on a free port, over a folder. */
	public static LenientEngine start(Path folder, String accessKeyId, String secretAccessKey) throws Exception {
		Files.createDirectories(folder.resolve(BUCKET));
		S3Proxy proxy = S3Proxy.builder()
			.endpoint(URI.create("http://127.0.0.1:0"))
			.awsAuthentication(AuthenticationType.AWS_V4, accessKeyId, secretAccessKey)
			.blobStore(acceptingEncryption(new FilesystemNio2BlobStore(folder.toString())))
			.ignoreUnknownHeaders(true)
			.build();
		EmbeddedS3.suitUs(proxy);
		proxy.start();
		return new LenientEngine(proxy);
	}

	private static BlobStore acceptingEncryption(BlobStore store) {
		return (BlobStore) Proxy.newProxyInstance(BlobStore.class.getClassLoader(), new Class<?>[] { BlobStore.class },
				(proxy, method, arguments) -> {
					try {
						return method.getName().equals("supportsServerSideEncryption") ? true
								: method.invoke(store, arguments);
					}
					catch (InvocationTargetException ex) {
						throw ex.getCause();
					}
				});
	}

	public URI endpoint() {
		return URI.create("http://127.0.0.1:" + this.proxy.getPort());
	}

	/** The settings by which a server uses its bucket under an address. */
	public static String[] settings(URI endpoint, String... more) {
		String[] settings = new String[4 + more.length];
		settings[0] = "stowage.s3.endpoint=" + endpoint;
		settings[1] = "stowage.s3.bucket=" + BUCKET;
		settings[2] = "stowage.s3.region=us-east-1";
		settings[3] = "stowage.s3.path-style=true";
		System.arraycopy(more, 0, settings, 4, more.length);
		return settings;
	}

	@Override
	public void close() throws IOException {
		try {
			this.proxy.stop();
		}
		catch (Exception ex) {
			throw new IOException("The engine did not stop", ex);
		}
	}

}
