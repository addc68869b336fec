package dev.stowage.bench;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.concurrent.Callable;

import dev.stowage.support.ChildProcess;

import org.springframework.util.FileSystemUtils;

/**
 * A program that is measured: a process, the loopback port on which it listens and a
 * folder, which is deleted with it.
 */
class Subject implements AutoCloseable {

	private static final int SETTLE_STEP_MILLIS = 500;

	private static final int SETTLE_STEPS = 60;

	private final Path folder;

	private final URI url;

	private final ChildProcess process;

	Subject(Path folder, URI url, ChildProcess process) {
		this.folder = folder;
		this.url = url;
		this.process = process;
	}

	static URI local(int port) {
		return URI.create("http://127.0.0.1:" + port);
	}

	/** The classes of the bench, as a class path. */
	static String classes() throws URISyntaxException {
		return Path.of(Subject.class.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
	}

	/** Waits until a GET of a path answers 200, and closes a program that does not. */
	final void awaitUp(String path) throws IOException, InterruptedException {
		try {
			this.process.awaitUp(this.url.resolve(path));
		}
		catch (IOException ex) {
			close();
			throw ex;
		}
	}

	final URI url() {
		return this.url;
	}

	final Path folder() {
		return this.folder;
	}

	final Usage usage() throws IOException {
		return Usage.of(this.process.pid());
	}

	/** Measures work, once the program is idle. */
	final Sample measure(Callable<Load.Done> work) throws Exception {
		settle();
		double before = usage().cpuSeconds();
		Load.Done done = work.call();
		return new Sample(done.count(), done.seconds(), usage().cpuSeconds() - before);
	}

	/** Waits until remaining tasks of earlier work are done. */
	final void settle() throws IOException, InterruptedException {
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
