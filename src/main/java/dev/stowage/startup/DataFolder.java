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
import java.util.Optional;
import java.util.Set;

import dev.stowage.settings.InvalidSettingException;
import dev.stowage.storage.DataDisk;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data folder of one server. It is created if it is missing, is accessible to its
 * owner only, and stays locked while the server runs. The lock ends with its process, so
 * it never has to be cleared.
 */
public final class DataFolder implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(DataFolder.class);

	private final FileChannel lock;

	private DataFolder(FileChannel lock) {
		this.lock = lock;
	}

	/**
	 * Locks a folder for this server.
	 * @throws InvalidSettingException if it cannot be written, or another server uses it
	 */
	static DataFolder take(Path folder) {
		try {
			if (!Files.isDirectory(folder)) {
				Files.createDirectories(folder, forUsAlone(folder, "rwx------"));
			}
			// before anything needs space there
			DataDisk.makeRoomIn(folder);
			Files.delete(Files.createTempFile(folder, "writable", ".tmp"));
			return new DataFolder(lock(folder));
		}
		catch (IOException ex) {
			throw new InvalidSettingException("The data directory " + folder + " cannot be written (" + ex + ").",
					"Make it writable for this user, or set STOWAGE_DATA_DIR to another.");
		}
	}

	/**
	 * Locks an existing folder for a command, and creates nothing else in it.
	 * @return empty if a server uses it
	 * @throws InvalidSettingException if it does not exist, or cannot be written
	 */
	public static Optional<DataFolder> takeIfFree(Path folder) {
		if (!Files.isDirectory(folder)) {
			throw new InvalidSettingException("The data directory " + folder + " does not exist.",
					"Set STOWAGE_DATA_DIR to the directory of the server.");
		}
		try {
			return tryLock(folder).map(DataFolder::new);
		}
		catch (IOException ex) {
			throw new InvalidSettingException("The data directory " + folder + " cannot be written (" + ex + ").",
					"Run the command as the user of the server.");
		}
	}

	private static FileChannel lock(Path folder) throws IOException {
		return tryLock(folder).orElseThrow(
				() -> new InvalidSettingException("The data directory " + folder + " is used by another server.",
						"Stop that server, or set STOWAGE_DATA_DIR to another directory. Several servers can share a"
								+ " PostgreSQL database and a bucket, but not a data directory."));
	}

	private static Optional<FileChannel> tryLock(Path folder) throws IOException {
		Path file = folder.resolve("stowage.lock");
		FileChannel channel = FileChannel.open(file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
				forUsAlone(folder, "rw-------"));
		if (isLocked(channel)) {
			return Optional.of(channel);
		}
		channel.close();
		return Optional.empty();
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
	 * Makes the database's file readable by its owner only, because it holds file names.
	 * SQLite creates its log and its shared memory with the same permissions.
	 * @param url of SQLite's driver
	 */
	static void hideDatabase(String url) {
		DatabaseUrl.sqliteFile(url).ifPresent(DataFolder::hide);
	}

	private static void hide(Path database) {
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
			logger.warn("Could not make {} readable by its owner only: {}", database, ex.toString());
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

	/** Releases the lock. */
	@Override
	public void close() throws IOException {
		this.lock.close();
	}

}
