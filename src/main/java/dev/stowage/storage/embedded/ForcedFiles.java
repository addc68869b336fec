package dev.stowage.storage.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Forces files to disk: their bytes, and the folders that name them. Callers that wait
 * for the same folder at the same time share one call.
 */
class ForcedFiles {

	private final Map<Path, Folder> folders = new ConcurrentHashMap<>();

	/**
	 * Returns when a file, and its name in each folder up to a root, will survive a power
	 * failure.
	 */
	void force(Path file, Path root) throws IOException {
		forceOne(file);
		for (Path folder = file.getParent(); folder != null && folder.startsWith(root); folder = folder.getParent()) {
			this.folders.computeIfAbsent(folder, Folder::new).force();
		}
	}

	/** Forces one file or folder, with what the file system keeps of it. */
	void forceOne(Path path) throws IOException {
		try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
			channel.force(true);
		}
	}

	/** One call serves all callers that arrived during the previous one. */
	private final class Folder {

		private final Path path;

		private final ReentrantLock lock = new ReentrantLock();

		private final Condition ended = this.lock.newCondition();

		private long asked;

		private long forced;

		private boolean busy;

		private Folder(Path path) {
			this.path = path;
		}

		private void force() throws IOException {
			this.lock.lock();
			try {
				long mine = ++this.asked;
				while (this.forced < mine) {
					if (this.busy) {
						this.ended.awaitUninterruptibly();
					}
					else {
						forceAllThatAsked();
					}
				}
			}
			finally {
				this.lock.unlock();
			}
		}

		/** Must hold the lock, which is released during the call. */
		private void forceAllThatAsked() throws IOException {
			long all = this.asked;
			this.busy = true;
			this.lock.unlock();
			boolean done = false;
			try {
				forceOne(this.path);
				done = true;
			}
			finally {
				this.lock.lock();
				this.busy = false;
				// after a failure, each of the others tries by itself
				this.forced = done ? all : this.forced;
				this.ended.signalAll();
			}
		}

	}

}
