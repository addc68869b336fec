package dev.stowage.upload.pending;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntPredicate;

import dev.stowage.file.FileException;
import dev.stowage.owner.Owner;

import org.springframework.stereotype.Component;

/**
 * Adds pending files, up to a limit for each owner. Each takes a slot, a number below the
 * limit that no other pending file of its owner has. A unique index enforces this, so the
 * limit is exact on any number of instances, no grant waits for a counter, and a file
 * frees its slot as soon as it is no longer pending.
 */
@Component
public class PendingSlots {

	private static final int ATTEMPTS = 4;

	private static final int ROUNDS = 3;

	private static final int MOST_KNOWN = 512;

	/** How long an owner without a free slot is refused without another query. */
	private static final long FULL_NANOS = Duration.ofSeconds(1).toNanos();

	private final PendingRepository rows;

	private final int max;

	/** Holds only owners that are close to their limit of pending files. */
	private final Map<Owner, Free> crowded = new ConcurrentHashMap<>();

	PendingSlots(PendingRepository rows, PendingProperties properties) {
		this.rows = rows;
		this.max = properties.maxPending();
	}

	/**
	 * Adds a pending file.
	 * @param addAt adds its row with a slot; false if another file of the owner has it
	 * @throws FileException.TooManyPending when the owner has as many as it may have
	 */
	public void add(Owner owner, IntPredicate addAt) {
		for (int round = 0; round < ROUNDS; round++) {
			for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
				if (addAt.test(slot(owner))) {
					return;
				}
			}
			this.crowded.computeIfAbsent(owner, (any) -> new Free()).look(owner);
		}
		throw new FileException.TooManyPending(this.max);
	}

	/** A random slot, which is nearly always free unless many are taken. */
	private int slot(Owner owner) {
		Free free = this.crowded.get(owner);
		OptionalInt known = (free != null) ? free.next() : OptionalInt.empty();
		return known.orElseGet(() -> ThreadLocalRandom.current().nextInt(this.max));
	}

	/** Called after one of the owner's files is no longer pending. */
	public void freed(Owner owner) {
		this.crowded.remove(owner);
	}

	/** The known free slots of one owner, which other instances may take at any time. */
	private final class Free {

		private final ReentrantLock looking = new ReentrantLock();

		private final Queue<Integer> slots = new ConcurrentLinkedQueue<>();

		private volatile long fullSince = System.nanoTime() - FULL_NANOS;

		private OptionalInt next() {
			requireNotFull();
			Integer slot = this.slots.poll();
			return (slot != null) ? OptionalInt.of(slot) : OptionalInt.empty();
		}

		private void requireNotFull() {
			if (System.nanoTime() - this.fullSince < FULL_NANOS) {
				throw new FileException.TooManyPending(PendingSlots.this.max);
			}
		}

		/** One query serves all waiting requests. */
		private void look(Owner owner) {
			this.looking.lock();
			try {
				requireNotFull();
				if (this.slots.isEmpty()) {
					List<Integer> found = find(owner);
					if (found.isEmpty()) {
						this.fullSince = System.nanoTime();
					}
					this.slots.addAll(found.subList(0, Math.min(MOST_KNOWN, found.size())));
					requireNotFull();
				}
			}
			finally {
				this.looking.unlock();
			}
		}

		/** Shuffled; otherwise all instances would try the same slots. */
		private List<Integer> find(Owner owner) {
			BitSet taken = new BitSet(PendingSlots.this.max);
			PendingSlots.this.rows.slots(owner).forEach(taken::set);
			List<Integer> found = new ArrayList<>();
			for (int slot = taken.nextClearBit(0); slot < PendingSlots.this.max; slot = taken.nextClearBit(slot + 1)) {
				found.add(slot);
			}
			Collections.shuffle(found, ThreadLocalRandom.current());
			return found;
		}

	}

}
