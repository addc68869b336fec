package dev.stowage.memory;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The uploads that wait for memory. The sender whose other uploads hold the least comes
 * first, and uploads of one sender are in the order of their requests. The lock of the
 * memory guards it.
 */
final class WaitingLine {

	private static final Comparator<Reservation> ORDER = Comparator
		.comparingInt((Reservation waiting) -> waiting.share.held - waiting.held())
		.thenComparingLong((waiting) -> waiting.ticket);

	private final MemoryLedger ledger;

	private final Set<Reservation> waiting = new LinkedHashSet<>();

	private long tickets;

	WaitingLine(MemoryLedger ledger) {
		this.ledger = ledger;
	}

	void add(Reservation reservation) {
		reservation.ticket = this.tickets++;
		this.waiting.add(reservation);
	}

	void remove(Reservation reservation) {
		this.waiting.remove(reservation);
	}

	int size() {
		return this.waiting.size();
	}

	boolean hasSlow() {
		return this.waiting.stream().anyMatch((one) -> one.slow);
	}

	/** The next to be served; slow clients are skipped while their half is full. */
	Optional<Reservation> next() {
		return this.waiting.stream().filter((one) -> this.ledger.excessOfSlow(one) <= 0).min(ORDER);
	}

	/** The first of those that are skipped. */
	Optional<Reservation> nextOfFullHalf() {
		return this.waiting.stream().filter((one) -> this.ledger.excessOfSlow(one) > 0).min(ORDER);
	}

}
