package dev.stowage.startup;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

import dev.stowage.storage.DataDisk;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data folder of one server: made if need be, for its owner alone, and locked for as
 * long as the server lives. A lock ends with its process, so nobody has to clear it.
 */
final class DataFolder implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(DataFolder.class);

	private final FileChannel lock;

	private DataFolder(FileChannel lock) {
		this.lock = lock;
	}

	/**
	 * Takes a folder for this server.
	 * @throws InvalidSettingException if it cannot be written, or another server has it
	 */
	static DataFolder take(Path folder) {
		try {
			if (!Files.isDirectory(folder)) {
				Files.createDirectories(folder, forUsAlone(folder, "rwx------"));
			}
			// before anything needs room there
			DataDisk.makeRoomIn(folder);
			Files.delete(Files.createTempFile(folder, "writable", ".tmp"));
			return new DataFolder(lock(folder));
		}
		catch (IOException ex) {
			throw new InvalidSettingException("The data directory " + folder + " cannot be written (" + ex + ").",
					"Make it writable for this user, or set STOWAGE_DATA_DIR to another.");
		}
	}

	private static FileChannel lock(Path folder) throws IOException {
		Path file = folder.resolve("stowage.lock");
		FileChannel channel = FileChannel.open(file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
				forUsAlone(folder, "rw-------"));
		if (!isLocked(channel)) {
			channel.close();
			throw new InvalidSettingException("The data directory " + folder + " is used by another server.",
					"Stop that server, or set STOWAGE_DATA_DIR to another directory. Several servers can share a"
							+ " PostgreSQL database and a bucket, but not a data directory.");
		}
		return channel;
	}

	private static boolean isLocked(FileChannel channel) throws IOException {
		try {
			@Nullable FileLock lock = channel.tryLock();
			return lock != null;
		}
		catch (OverlappingFileLockException ex) {
			return false;
		}
	}

	/**
	 * Makes the database's file readable for its owner alone; its log and its shared
	 * memory are made like it. It holds file names, which are nobody else's business.
	 * @param url of SQLite's driver
	 */
	static void hideDatabase(String url) {
		String name = url.replaceFirst("^jdbc:sqlite:", "").replaceFirst("\\?.*", "");
		if (name.isEmpty() || name.startsWith(":") || name.startsWith("file:")) {
			return;
		}
		Path database = Path.of(name).toAbsolutePath();
		try {
			if (Files.notExists(database)) {
				Files.createFile(database, forUsAlone(database, "rw-------"));
			}
			for (String suffix : List.of("", "-wal", "-shm")) {
				Path file = Path.of(database + suffix);
				if (Files.exists(file) && isPosix(file)) {
					Files.setPosixFilePermissions(file, permissions("rw-------"));
				}
			}
		}
		catch (IOException ex) {
			logger.warn("Could not make {} readable for its owner alone: {}", database, ex.toString());
		}
	}

	private static FileAttribute<?>[] forUsAlone(Path path, String permissions) {
		return isPosix(path) ? new FileAttribute<?>[] { PosixFilePermissions.asFileAttribute(permissions(permissions)) }
				: new FileAttribute<?>[0];
	}

	private static Set<PosixFilePermission> permissions(String text) {
		return PosixFilePermissions.fromString(text);
	}

	private static boolean isPosix(Path path) {
		return path.getFileSystem().supportedFileAttributeViews().contains("posix");
	}

	/** Lets another server have it. */
	@Override
	public void close() throws IOException {
		this.lock.close();
	}

}
