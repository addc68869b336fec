package dev.stowage.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

import dev.stowage.startup.DataFolder;
import dev.stowage.storage.ObjectStore;
import dev.stowage.storage.StorageProperties;
import dev.stowage.storage.embedded.StoreAccess;

/**
 * The store of a command. If it is the embedded one, the command uses the engine of the
 * server that runs, or locks the data folder and starts the engine itself.
 */
final class CommandStore implements AutoCloseable {

	private final StoreAccess access;

	private final Optional<DataFolder> folder;

	private CommandStore(StoreAccess access, Optional<DataFolder> folder) {
		this.access = access;
		this.folder = folder;
	}

	static CommandStore open(StorageProperties storage) {
		Optional<DataFolder> folder = storage.s3().isExternal() ? Optional.empty()
				: DataFolder.takeIfFree(storage.dataDir().toAbsolutePath().normalize());
		try {
			return new CommandStore(StoreAccess.open(storage, folder.isPresent()), folder);
		}
		catch (RuntimeException ex) {
			release(folder);
			throw ex;
		}
	}

	ObjectStore objects() {
		return this.access.store();
	}

	@Override
	public void close() {
		try {
			this.access.close();
		}
		finally {
			release(this.folder);
		}
	}

	private static void release(Optional<DataFolder> folder) {
		try {
			if (folder.isPresent()) {
				folder.get().close();
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
