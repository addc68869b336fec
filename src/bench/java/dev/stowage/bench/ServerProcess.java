package dev.stowage.bench;

import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;

import dev.stowage.keys.KeyTexts;
import dev.stowage.support.JavaProcess;

import org.springframework.util.FileSystemUtils;

/** The server as its users start it, from its jar, on a fresh folder. */
final class ServerProcess implements AutoCloseable {

	static final String KEY_ID = "bench0000000";

	static final String SECRET = "0123456789".repeat(4) + "abc";

	/** May be in the settings as well as in the database. */
	static final String KEY = KeyTexts.of(KEY_ID, SECRET);

	private static final Path JAR = Path.of("target/stowage.jar");

	/** A sweep begins every second. */
	private static final int SWEEP_MILLIS = 1_500;

	private static final int SETTLE_STEP_MILLIS = 500;

	private static final int SETTLE_STEPS = 60;

	private final Path folder;

	private final URI url;

	private final JavaProcess process;

	private ServerProcess(Path folder, URI url, JavaProcess process) {
		this.folder = folder;
		this.url = url;
		this.process = process;
	}

	/** Starts one in front of the store, with settings by their environment names. */
	static ServerProcess start(Store store, Map<String, String> settings) throws Exception {
		return start(Files.createTempDirectory("stowage-bench"), store, settings);
	}

	/** Starts one over a folder, which it will delete. */
	static ServerProcess start(Path folder, Store store, Map<String, String> settings) throws Exception {
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
		List<String> arguments = new ArrayList<>(Scale.JAVA_OPTIONS);
		arguments.addAll(List.of("-jar", JAR.toAbsolutePath().toString()));
		URI url = URI.create("http://127.0.0.1:" + port);
		ServerProcess server = new ServerProcess(folder, url,
				new JavaProcess(folder.resolve("server.log"), environment, arguments));
		try {
			server.process.awaitUp(url.resolve("/actuator/health/readiness"));
		}
		catch (IOException ex) {
			server.close();
			throw ex;
		}
		return server;
	}

	URI url() {
		return this.url;
	}

	Path folder() {
		return this.folder;
	}

	Usage usage() throws IOException {
		return Usage.of(this.process.pid());
	}

	/** Measures work, once the server is idle. */
	Sample measure(Callable<Load.Done> work) throws Exception {
		settle();
		double before = usage().cpuSeconds();
		Load.Done done = work.call();
		return new Sample(done.count(), done.seconds(), usage().cpuSeconds() - before);
	}

	/** Deletes files and waits until the sweeper has deleted their bytes. */
	void delete(Collection<String> ids) throws IOException, InterruptedException {
		try (Connection connection = Connection.to(this.url)) {
			for (String id : ids) {
				Client.delete(connection, id);
			}
		}
		Thread.sleep(SWEEP_MILLIS);
		settle();
	}

	/** Waits until remaining tasks of earlier work are done. */
	private void settle() throws IOException, InterruptedException {
		double before = Double.NEGATIVE_INFINITY;
		double now = usage().cpuSeconds();
		for (int step = 0; step < SETTLE_STEPS && now - before > 0.05; step++) {
			Thread.sleep(SETTLE_STEP_MILLIS);
			before = now;
			now = usage().cpuSeconds();
		}
	}

	@Override
	public void close() throws IOException {
		this.process.close();
		FileSystemUtils.deleteRecursively(this.folder);
	}

}
