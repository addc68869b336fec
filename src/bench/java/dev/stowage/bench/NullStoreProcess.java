package dev.stowage.bench;

import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;

import dev.stowage.support.JavaProcess;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;

import org.springframework.util.FileSystemUtils;

/** {@link NullStore} in a separate process. */
public final class NullStoreProcess implements AutoCloseable {

	/** Any bucket will do. */
	public static final String BUCKET = "bench";

	private final URI endpoint;

	private final Path folder;

	private final JavaProcess process;

	private NullStoreProcess(URI endpoint, Path folder, JavaProcess process) {
		this.endpoint = endpoint;
		this.folder = folder;
		this.process = process;
	}

	/**
	 * Starts one.
	 * @param delay how many milliseconds it takes for each call
	 * @param deletesMany whether it deletes more than one object a call
	 */
	public static NullStoreProcess start(int delay, boolean deletesMany)
			throws IOException, InterruptedException, URISyntaxException {
		int port = JavaProcess.freePort();
		Path folder = Files.createTempDirectory("stowage-null");
		Path classes = Path.of(NullStore.class.getProtectionDomain().getCodeSource().getLocation().toURI());
		URI endpoint = URI.create("http://127.0.0.1:" + port);
		NullStoreProcess store = new NullStoreProcess(endpoint, folder,
				new JavaProcess(folder.resolve("store.log"), Map.of(),
						List.of("-Xmx256m", "-XX:MaxDirectMemorySize=1g", "-XX:+UseSerialGC", "-cp", classes.toString(),
								NullStore.class.getName(), Integer.toString(port), Integer.toString(delay),
								Boolean.toString(deletesMany))));
		try {
			store.process.awaitUp(endpoint.resolve(NullStore.COUNTS));
		}
		catch (IOException ex) {
			store.close();
			throw ex;
		}
		return store;
	}

	/** Where it listens. */
	public URI endpoint() {
		return this.endpoint;
	}

	/** The key, which it does not check. */
	public AwsCredentials credentials() {
		return AwsBasicCredentials.create("null", "null-store-secret");
	}

	/** One of its counts, such as {@code puts}. */
	long count(String what) throws IOException {
		try (Connection connection = Connection.to(endpoint())) {
			connection.send("GET " + NullStore.COUNTS + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
			Properties counts = new Properties();
			counts.load(new StringReader(connection.answer().require(200).body()));
			return Long.parseLong(counts.getProperty(what));
		}
	}

	@Override
	public void close() throws IOException {
		this.process.close();
		FileSystemUtils.deleteRecursively(this.folder);
	}

}
