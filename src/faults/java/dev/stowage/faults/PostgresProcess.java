package dev.stowage.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import dev.stowage.support.ChildProcess;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import org.springframework.util.FileSystemUtils;

/** A PostgreSQL that can be killed with all its processes; its commits are durable. */
final class PostgresProcess implements AutoCloseable {

	private final Path folder = Files.createTempDirectory("stowage-faults-database");

	private final int port = ChildProcess.freePort();

	private EmbeddedPostgres server;

	PostgresProcess() throws IOException {
		this.server = start();
	}

	private EmbeddedPostgres start() throws IOException {
		return EmbeddedPostgres.builder()
			.setDataDirectory(this.folder.resolve("data"))
			.setCleanDataDirectory(false)
			.setPort(this.port)
			.setPGStartupWait(Duration.ofMinutes(1))
			.setServerConfig("fsync", "on")
			.setServerConfig("synchronous_commit", "on")
			.start();
	}

	String url() {
		return "jdbc:postgresql://127.0.0.1:" + this.port + "/postgres?user=postgres";
	}

	void kill() throws IOException {
		long pid = Long.parseLong(Files.readAllLines(this.folder.resolve("data/postmaster.pid")).getFirst());
		ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
		List<ProcessHandle> all = Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
		all.forEach(ProcessHandle::destroyForcibly);
		Waiting.await("the database's end").until(() -> all.stream().noneMatch(ProcessHandle::isAlive));
	}

	/** Starts it again, and waits until it answers. */
	void startAgain() throws IOException {
		// its lock on the folder
		this.server.close();
		this.server = start();
	}

	@Override
	public void close() throws IOException {
		this.server.close();
		FileSystemUtils.deleteRecursively(this.folder);
	}

}
