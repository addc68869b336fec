package dev.stowage.support;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

/** A separate file system in a folder, so small that a test can fill it. */
public final class SmallDisk implements AutoCloseable {

	private final Path path;

	private SmallDisk(Path path) {
		this.path = path;
	}

	/**
	 * Mounts one, or skips the test if it has no permission.
	 * @param options of the file system, such as {@code 8m} for its size
	 */
	public static SmallDisk mount(Path path, String options) throws IOException {
		Files.createDirectory(path);
		if (!run("mount", "-t", "tmpfs", "-o", "size=" + options, "tmpfs", path.toString())) {
			abort("SKIPPED: may not mount a small disk");
		}
		return new SmallDisk(path);
	}

	public Path path() {
		return this.path;
	}

	public long free() {
		return this.path.toFile().getUsableSpace();
	}

	/** Takes all of it. */
	public void fill() throws IOException {
		leave(0);
	}

	/** Takes all but a number of bytes. */
	public void leave(long bytes) throws IOException {
		try (OutputStream out = Files.newOutputStream(ballast())) {
			while (bytes == 0 || free() > bytes) {
				out.write(new byte[4096]);
			}
		}
		catch (IOException ex) {
			assertThat(ex).hasMessageContaining("No space left");
		}
	}

	/** Prevents the creation of files, although there is space. */
	public void limitFiles() throws IOException {
		String[] counts = Command.run(this.path, Map.of(), "stat", "-f", "-c", "%c %d", ".").strip().split(" ", 2);
		remount(Long.parseLong(counts[0]) - Long.parseLong(counts[1]));
	}

	/** Ends that. */
	public void allowFiles() throws IOException {
		remount(10_000);
	}

	private void remount(long files) throws IOException {
		assertThat(run("mount", "-o", "remount,nr_inodes=" + files, this.path.toString())).isTrue();
	}

	/** Frees what {@link #fill} took. */
	public void relieve() throws IOException {
		Files.delete(ballast());
	}

	private Path ballast() {
		return this.path.resolve("ballast");
	}

	/** No file in it may be open. */
	@Override
	public void close() throws IOException {
		assertThat(run("umount", this.path.toString())).isTrue();
	}

	private static boolean run(String... command) throws IOException {
		try {
			return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError(ex);
		}
	}

}
