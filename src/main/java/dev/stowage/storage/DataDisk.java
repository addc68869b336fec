package dev.stowage.storage;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The disk under the data folder. Below a floor of free space no file is taken, so that
 * the database keeps room to delete. A reserve file holds a little more: it is removed
 * when others have filled the disk, and made again when there is room.
 * <p>
 * A server that keeps nothing in its data folder has no such disk, and all room.
 */
public final class DataDisk {

	private static final Logger logger = LoggerFactory.getLogger(DataDisk.class);

	/** More than SQLite's log and its table grow by while a full disk is emptied. */
	private static final long RESERVE = 8 * 1024 * 1024;

	private static final long NEARLY_FULL = 1024 * 1024;

	/** After so many bytes of all objects together, the disk is looked at again. */
	private static final long LOOK_AGAIN = 1024 * 1024;

	private static final int PROBE = 4096;

	private final Optional<Path> folder;

	private final long floor;

	/** What copies that are being made will still need. */
	private final AtomicLong promised = new AtomicLong();

	private final AtomicLong unseen = new AtomicLong();

	private final AtomicBoolean low = new AtomicBoolean();

	DataDisk(Optional<Path> folder, long floor) {
		this.folder = folder;
		this.floor = floor;
	}

	/** The disk under a folder that exists. */
	public static DataDisk under(Path folder, long floor) {
		return new DataDisk(Optional.of(folder), floor);
	}

	/** For a server that keeps nothing in its data folder. */
	public static DataDisk none() {
		return new DataDisk(Optional.empty(), 0);
	}

	/**
	 * Refuses what would take more than there is above the floor.
	 * @param bytes as many as are known to come, or 0
	 * @throws StoreFullException if there is no room for them
	 */
	public void requireRoomFor(long bytes) {
		if (this.floor == 0 || this.folder.isEmpty()) {
			return;
		}
		boolean isLow = free() - this.promised.get() < this.floor;
		say(isLow);
		if (isLow || free() - this.promised.get() - bytes < this.floor) {
			throw new StoreFullException("Less than " + this.floor + " bytes would be free", null);
		}
	}

	/**
	 * Keeps room for bytes that this server is about to write by itself.
	 * @return ends that, when the bytes are written
	 * @throws StoreFullException if there is no room for them
	 */
	public Promise promise(long bytes) {
		requireRoomFor(bytes);
		this.promised.addAndGet(bytes);
		try {
			// two that were let in at the same time see each other here
			requireRoomFor(0);
			return () -> this.promised.addAndGet(-bytes);
		}
		catch (StoreFullException ex) {
			this.promised.addAndGet(-bytes);
			throw ex;
		}
	}

	/**
	 * Says that bytes of an object have arrived, and looks at the disk from time to time.
	 * @throws StoreFullException if the floor is reached
	 */
	public void receive(int bytes) {
		if (this.unseen.addAndGet(bytes) >= LOOK_AGAIN) {
			this.unseen.set(0);
			requireRoomFor(0);
		}
		else if (this.low.get()) {
			requireRoomFor(0);
		}
	}

	/** Whether this server keeps anything in its data folder. */
	public boolean isThere() {
		return this.folder.isPresent();
	}

	/** Bytes that may be written; as many as there can be where there is no such disk. */
	public long free() {
		return Math.min(freeIn(""), freeIn("objects"));
	}

	/** Objects may lie on a disk of their own. */
	private long freeIn(String name) {
		return this.folder.map((path) -> path.resolve(name))
			.filter(Files::exists)
			.map((path) -> path.toFile().getUsableSpace())
			.orElse(Long.MAX_VALUE);
	}

	/** Once for each time that the floor is crossed. */
	private void say(boolean isLow) {
		if (isLow && this.low.compareAndSet(false, true)) {
			logger.warn("Less than {} bytes are free in {} (STOWAGE_MIN_FREE_SPACE): no file is taken until files"
					+ " are deleted", this.floor, this.folder.orElseThrow());
		}
		else if (!isLow && this.low.compareAndSet(true, false)) {
			logger.info("There is room for files again in {}", this.folder.orElseThrow());
		}
	}

	/**
	 * Removes the reserve if the disk is full.
	 * @return whether what failed for lack of space may succeed now
	 */
	public boolean makeRoom() {
		// the reserve is for the database
		if (this.folder.isEmpty() || freeIn("") >= NEARLY_FULL) {
			return false;
		}
		removeReserve(this.folder.get());
		return freeIn("") >= PROBE;
	}

	/** Makes room before anything opens the database, which needs some. */
	public static void makeRoomIn(Path folder) {
		under(folder, 1).makeRoom();
	}

	private static void removeReserve(Path folder) {
		try {
			if (Files.deleteIfExists(reserveIn(folder))) {
				logger.warn("The disk of {} is full: the reserve for deleting files is being used", folder);
			}
		}
		catch (IOException ex) {
			logger.warn("The reserve for deleting files could not be removed: {}", ex.toString());
		}
	}

	/** Makes the reserve where there is room for it, and removes it on a full disk. */
	public void tend() {
		if (this.folder.isEmpty() || this.floor == 0) {
			return;
		}
		makeRoom();
		Path reserve = reserveIn(this.folder.get());
		long size = Math.min(RESERVE, this.floor);
		if (reserve.toFile().length() < size && free() >= this.floor + size) {
			write(this.folder.get(), size);
		}
		say(free() - this.promised.get() < this.floor);
	}

	private static Path reserveIn(Path folder) {
		return folder.resolve("reserve");
	}

	/** With bytes that no file system keeps in less room. */
	private static void write(Path folder, long size) {
		SplittableRandom random = new SplittableRandom();
		byte[] block = new byte[64 * 1024];
		try (OutputStream out = Files.newOutputStream(reserveIn(folder))) {
			for (long left = size; left > 0; left -= block.length) {
				random.nextBytes(block);
				out.write(block, 0, (int) Math.min(left, block.length));
			}
		}
		catch (IOException ex) {
			logger.warn("The reserve for deleting files could not be made: {}", ex.toString());
			removeReserve(folder);
		}
	}

	/** Writes a block and removes it. */
	public void requireWritable() throws IOException {
		if (this.folder.isPresent()) {
			Path probe = Files.createTempFile(this.folder.get(), "writable", ".tmp");
			try {
				Files.write(probe, new byte[PROBE]);
			}
			finally {
				Files.delete(probe);
			}
		}
	}

	/**
	 * Whether an I/O failure, or what caused it, says that the disk or a quota is full.
	 */
	public static boolean isFull(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			String message = String.valueOf(cause.getMessage());
			if (cause instanceof IOException
					&& (message.contains("No space left") || message.contains("quota exceeded"))) {
				return true;
			}
		}
		return false;
	}

	/** Room that is kept. */
	public interface Promise extends AutoCloseable {

		@Override
		void close();

	}

}
