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
 * The disk of the data folder. Below a floor of free space no file is accepted, so that
 * the database has room to delete. A reserve file holds a little more space: it is
 * removed when other programs have filled the disk, and created again when there is room.
 * <p>
 * A server that keeps nothing in its data folder has no such disk and no limit.
 */
public final class DataDisk {

	private static final Logger logger = LoggerFactory.getLogger(DataDisk.class);

	/** More than SQLite's log and table grow while a full disk is emptied. */
	private static final long RESERVE = 8 * 1024 * 1024;

	private static final long NEARLY_FULL = 1024 * 1024;

	/** After this many bytes of all objects together, the disk is checked again. */
	private static final long LOOK_AGAIN = 1024 * 1024;

	private static final int PROBE = 4096;

	private final Optional<Path> folder;

	private final long floor;

	/** The bytes that copies in progress will still need. */
	private final AtomicLong promised = new AtomicLong();

	private final AtomicLong unseen = new AtomicLong();

	private final AtomicBoolean low = new AtomicBoolean();

	DataDisk(Optional<Path> folder, long floor) {
		this.folder = folder;
		this.floor = floor;
	}

	/** The disk of an existing folder. */
	public static DataDisk under(Path folder, long floor) {
		return new DataDisk(Optional.of(folder), floor);
	}

	/** For a server that keeps nothing in its data folder. */
	public static DataDisk none() {
		return new DataDisk(Optional.empty(), 0);
	}

	/**
	 * Refuses bytes for which there is no room above the floor.
	 * @param bytes how many are known to arrive, or 0
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
	 * Keeps room for bytes that this server is about to write.
	 * @return releases the room, once the bytes are written
	 * @throws StoreFullException if there is no room for them
	 */
	public Promise promise(long bytes) {
		requireRoomFor(bytes);
		this.promised.addAndGet(bytes);
		try {
			// two that were admitted at the same time see each other here
			requireRoomFor(0);
			return () -> this.promised.addAndGet(-bytes);
		}
		catch (StoreFullException ex) {
			this.promised.addAndGet(-bytes);
			throw ex;
		}
	}

	/**
	 * Counts bytes of an object that have arrived, and checks the disk from time to time.
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

	/** How many bytes may be written; {@code Long.MAX_VALUE} if there is no such disk. */
	public long free() {
		return Math.min(freeIn(""), freeIn("objects"));
	}

	/** Objects may be on a separate disk. */
	private long freeIn(String name) {
		return this.folder.map((path) -> path.resolve(name))
			.filter(Files::exists)
			.map((path) -> path.toFile().getUsableSpace())
			.orElse(Long.MAX_VALUE);
	}

	/** Logs each crossing of the floor once. */
	private void say(boolean isLow) {
		if (isLow && this.low.compareAndSet(false, true)) {
			logger.warn("Less than {} bytes are free in {} (STOWAGE_MIN_FREE_SPACE): no file is accepted until files"
					+ " are deleted", this.floor, this.folder.orElseThrow());
		}
		else if (!isLow && this.low.compareAndSet(true, false)) {
			logger.info("There is room for files again in {}", this.folder.orElseThrow());
		}
	}

	/**
	 * Removes the reserve if the disk is full.
	 * @return whether a change that failed for lack of space may succeed now
	 */
	public boolean makeRoom() {
		// the reserve is for the database
		if (this.folder.isEmpty() || freeIn("") >= NEARLY_FULL) {
			return false;
		}
		removeReserve(this.folder.get());
		return freeIn("") >= PROBE;
	}

	/** Makes room before the database is opened, which needs some. */
	public static void makeRoomIn(Path folder) {
		under(folder, 1).makeRoom();
	}

	private static void removeReserve(Path folder) {
		try {
			if (Files.deleteIfExists(reserveIn(folder))) {
				logger.warn("The disk of {} is full. The reserve for deleting files is now in use", folder);
			}
		}
		catch (IOException ex) {
			logger.warn("Could not remove the reserve for deleting files: {}", ex.toString());
		}
	}

	/**
	 * Creates the reserve if there is room for it, and removes it if the disk is full.
	 */
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

	/** Fills it with bytes that no file system can compress. */
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
			logger.warn("Could not create the reserve for deleting files: {}", ex.toString());
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
	 * Whether an I/O failure or its cause means that the disk or a quota is full.
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

	/** Room that is reserved. */
	public interface Promise extends AutoCloseable {

		@Override
		void close();

	}

}
