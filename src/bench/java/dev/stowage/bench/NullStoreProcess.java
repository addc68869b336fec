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

import dev.stowage.support.ChildProcess;
import dev.stowage.support.JavaProcess;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;

/** {@link NullStore} in a separate process. */
public final class NullStoreProcess extends Subject {

	/** Any bucket will do. */
	public static final String BUCKET = "bench";

	private NullStoreProcess(Path folder, URI endpoint, ChildProcess process) {
		super(folder, endpoint, process);
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
		List<String> arguments = List.of("-Xmx256m", "-XX:MaxDirectMemorySize=1g", "-XX:+UseSerialGC", "-cp", classes(),
				NullStore.class.getName(), Integer.toString(port), Integer.toString(delay),
				Boolean.toString(deletesMany));
		NullStoreProcess store = new NullStoreProcess(folder, local(port),
				new JavaProcess(folder.resolve("store.log"), Map.of(), arguments));
		store.awaitUp(NullStore.COUNTS);
		return store;
	}

	/** Where it listens. */
	public URI endpoint() {
		return url();
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

}
