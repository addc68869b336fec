package dev.stowage.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * The only memory that uploads may hold: equal buffers, made when first needed and used
 * again. Who finds none left waits in line.
 */
class BufferPool {

	static final int BUFFER_SIZE = 8 * 1024 * 1024;

	private final int capacity;

	private final Semaphore permits;

	private final ConcurrentLinkedQueue<byte[]> free = new ConcurrentLinkedQueue<>();

	private final Supplier<byte[]> maker;

	BufferPool(int capacity) {
		this(capacity, () -> new byte[BUFFER_SIZE]);
	}

	BufferPool(int capacity, Supplier<byte[]> maker) {
		this.capacity = capacity;
		this.maker = maker;
		this.permits = new Semaphore(capacity, true);
	}

	/** A quarter of the heap, at least four buffers and at most 64. */
	static BufferPool forThisHeap() {
		long quarter = Runtime.getRuntime().maxMemory() / 4 / BUFFER_SIZE;
		return new BufferPool(Math.clamp(quarter, 4, 64));
	}

	int capacity() {
		return this.capacity;
	}

	/** How many buffers nobody holds. */
	int available() {
		return this.permits.availablePermits();
	}

	/**
	 * Waits until that many buffers are there at once: whoever took them one by one could
	 * wait for ever for somebody who does the same.
	 */
	List<byte[]> acquire(int count) throws InterruptedException {
		if (count > this.capacity) {
			throw new IllegalArgumentException(count + " buffers of " + this.capacity);
		}
		this.permits.acquire(count);
		List<byte[]> buffers = new ArrayList<>(count);
		try {
			for (int i = 0; i < count; i++) {
				byte[] buffer = this.free.poll();
				buffers.add((buffer != null) ? buffer : this.maker.get());
			}
			return buffers;
		}
		catch (Throwable ex) {
			// a full heap is no reason to lose the right to a buffer for good
			this.free.addAll(buffers);
			this.permits.release(count);
			throw ex;
		}
	}

	void release(List<byte[]> buffers) {
		this.free.addAll(buffers);
		this.permits.release(buffers.size());
	}

}
