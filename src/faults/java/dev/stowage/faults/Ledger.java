package dev.stowage.faults;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/** What clients know of the files that they sent. */
final class Ledger {

	private static final int MIB = 1024 * 1024;

	private final AtomicLong numbers = new AtomicLong();

	private final AtomicLong acknowledged = new AtomicLong();

	private final Queue<String> missed = new ConcurrentLinkedQueue<>();

	private final Queue<String> damaged = new ConcurrentLinkedQueue<>();

	private final Map<String, Entry> byName = new ConcurrentHashMap<>();

	private final List<Entry> held = new ArrayList<>();

	/** A file that is about to be sent. */
	Entry next(RandomGenerator random, boolean json) {
		return add(new Content(this.numbers.incrementAndGet(), size(random), json));
	}

	/** From a byte to 20 MiB: in one request to the store, and in parts. */
	private static int size(RandomGenerator random) {
		int kind = random.nextInt(20);
		if (kind < 2) {
			return 1;
		}
		if (kind < 10) {
			return random.nextInt(1, 32 * 1024);
		}
		if (kind < 15) {
			return random.nextInt(1, MIB);
		}
		return (kind < 18) ? random.nextInt(MIB, 8 * MIB) : random.nextInt(8 * MIB, 20 * MIB);
	}

	/** A file of a given size that is about to be sent. */
	Entry next(int size) {
		return add(new Content(this.numbers.incrementAndGet(), size, false));
	}

	private Entry add(Content content) {
		Entry entry = new Entry(content);
		this.byName.put(content.name(), entry);
		return entry;
	}

	/** The server has acknowledged it. */
	void acknowledge(Entry entry, String id) {
		this.acknowledged.incrementAndGet();
		hold(entry, id);
	}

	long acknowledged() {
		return this.acknowledged.get();
	}

	/** A client did not find an acknowledged file. */
	void miss(Entry entry, Reply reply) {
		this.missed.add(entry.content.name() + " " + entry.id + ": " + reply);
	}

	Collection<String> missed() {
		return this.missed;
	}

	/** A client got other bytes than were sent. */
	void damage(Entry entry) {
		this.damaged.add(entry.content.name() + " " + entry.id);
	}

	Collection<String> damaged() {
		return this.damaged;
	}

	synchronized void hold(Entry entry, String id) {
		entry.id = id;
		entry.state = State.HELD;
		this.held.add(entry);
	}

	/** Lets one client use a file exclusively. */
	synchronized Optional<Entry> borrow(RandomGenerator random) {
		return this.held.isEmpty() ? Optional.empty() : Optional.of(this.held.remove(random.nextInt(this.held.size())));
	}

	synchronized void giveBack(Entry entry) {
		this.held.add(entry);
	}

	synchronized int size() {
		return this.held.size();
	}

	Collection<Entry> entries() {
		return this.byName.values();
	}

	/** What is known. */
	enum State {

		/** It may or may not exist: no answer arrived. */
		SENT,

		/** The server has acknowledged it. */
		HELD,

		/** It may or may not exist: the answer to its delete did not arrive. */
		LEAVING,

		/** The server has acknowledged its delete. */
		GONE,

		/** It was never created. */
		REFUSED

	}

	/** One file. */
	static final class Entry {

		final Content content;

		volatile State state = State.SENT;

		volatile String id = "";

		volatile boolean verified;

		/** Of the bytes that it may have; empty: those of its content. */
		volatile Set<String> sums = Set.of();

		Entry(Content content) {
			this.content = content;
		}

		boolean isOf(byte[] bytes) {
			String sum = Content.sha256(bytes);
			return this.sums.isEmpty() ? sum.equals(this.content.sha256()) : this.sums.contains(sum);
		}

	}

}
