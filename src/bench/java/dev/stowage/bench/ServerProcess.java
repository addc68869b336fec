package dev.stowage.bench;

import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

import dev.stowage.keys.KeyTexts;
import dev.stowage.support.ChildProcess;
import dev.stowage.support.JavaProcess;

/** The server as its users start it, from its jar, on a fresh folder. */
final class ServerProcess extends Subject {

	static final String KEY_ID = "bench0000000";

	static final String SECRET = "0123456789".repeat(4) + "abc";

	/** May be in the settings as well as in the database. */
	static final String KEY = KeyTexts.of(KEY_ID, SECRET);

	/** A sweep begins every second. */
	private static final int SWEEP_MILLIS = 1_500;

	private ServerProcess(Path folder, URI url, ChildProcess process) {
		super(folder, url, process);
	}

	/** Starts one in front of the store, with settings by their environment names. */
	static ServerProcess start(Store store, Map<String, String> settings) throws Exception {
		return start(Files.createTempDirectory("stowage-bench"), store, settings);
	}

	/** Starts one over a folder, which it will delete. */
	static ServerProcess start(Path folder, Store store, Map<String, String> settings) throws Exception {
		return start(folder, store, settings, Application.start(Application.JAR));
	}

	/** Starts one with arguments of {@code java}. */
	static ServerProcess start(Path folder, Store store, Map<String, String> settings, List<String> arguments)
			throws Exception {
		int port = JavaProcess.freePort();
		Map<String, String> environment = new HashMap<>();
		environment.put("SERVER_PORT", Integer.toString(port));
		environment.put("SERVER_ADDRESS", "127.0.0.1");
		environment.put("STOWAGE_DATA_DIR", folder.toString());
		environment.put("STOWAGE_API_KEYS", "bench=" + KEY);
		environment.put("STOWAGE_MAX_FILE_SIZE", "32GB");
		// so that the bytes of deleted files go while a benchmark runs
		environment.put("STOWAGE_SWEEP_INTERVAL", "1s");
		// one store serves several databases, one after the other
		environment.put("STOWAGE_ADOPT_STORE", "true");
		environment.putAll(store.environment());
		environment.putAll(settings);
		Properties more = new Properties();
		more.load(new StringReader(Scale.SETTINGS.replace(',', '\n')));
		more.stringPropertyNames().forEach((name) -> environment.put(name, more.getProperty(name)));
		ServerProcess server = new ServerProcess(folder, local(port),
				new JavaProcess(folder.resolve("server.log"), environment, arguments));
		server.awaitUp("/actuator/health/readiness");
		return server;
	}

	/** Deletes files and waits until the sweeper has deleted their bytes. */
	void delete(Collection<String> ids) throws IOException, InterruptedException {
		try (Connection connection = Connection.to(url())) {
			for (String id : ids) {
				Client.delete(connection, id);
			}
		}
		Thread.sleep(SWEEP_MILLIS);
		settle();
	}

}
