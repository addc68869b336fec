package dev.stowage.memory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import dev.stowage.memory.Reservation.State;

/**
 * Decides which slow clients lose memory to those who wait for it. A slow client loses
 * first what it has reserved and not yet taken. What it has taken can be had only by
 * ending its upload, so that happens only where it lets a waiting upload go on:
 * <ul>
 * <li>a client that has stalled for seconds is ended for anybody;
 * <li>a slow one, where it holds memory outside of the half that slow clients may have;
 * <li>a slow one whose sender holds more than the sender who waits, and more than half of
 * the memory, or this part for minutes.
 * </ul>
 * Of several, those of the sender that holds the most are ended first, and of these the
 * latest, so that uploads that have begun come to their end. Guarded by the lock of the
 * memory.
 */
final class SlowHolders {

	private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

	/** After this time a slow client yields to other slow ones. */
	private static final long TURN = 30 * SECOND;

	/** For this long a slow client may hold a part that another sender needs. */
	private static final long LONGEST_TURN = 120 * SECOND;

	private static final Comparator<Reservation> WORST_FIRST = Comparator
		.comparing((Reservation holder) -> !holder.uploader.speed().isStalled())
		.thenComparing((holder) -> holder.share.held, Comparator.reverseOrder())
		.thenComparing((holder) -> holder.since, Comparator.reverseOrder());

	private final MemoryLedger ledger;

	/** Too slow at the last look. After the process stood still, all clients seem so. */
	private Set<Reservation> suspected = Set.of();

	/** Too slow at the last look and at the one before. */
	private Set<Reservation> confirmed = Set.of();

	SlowHolders(MemoryLedger ledger) {
		this.ledger = ledger;
	}

	/**
	 * Takes back what slow clients have reserved and not taken, and remembers who is too
	 * slow.
	 */
	void look(long now, boolean slowWait) {
		Set<Reservation> before = this.suspected;
		this.suspected = this.ledger.holders()
			.stream()
			.filter((holder) -> holder.uploader.speed().isSlowForLong())
			.collect(Collectors.toUnmodifiableSet());
		this.confirmed = this.suspected.stream().filter(before::contains).collect(Collectors.toUnmodifiableSet());
		for (Reservation holder : List.copyOf(this.ledger.holders())) {
			if (holder.state == State.GRANTED && mustGiveWay(holder, now, slowWait)) {
				giveWay(holder);
			}
		}
	}

	private static boolean mustGiveWay(Reservation holder, long now, boolean slowWait) {
		long held = now - holder.since;
		return holder.slow ? slowWait && held > TURN : held > SECOND && holder.uploader.speed().isSlow();
	}

	private void giveWay(Reservation holder) {
		if (this.ledger.maySuspend(holder)) {
			this.ledger.become(holder, State.SUSPENDED);
		}
		else if (!holder.slow) {
			this.ledger.moveToSlowHalf(holder);
		}
	}

	/** The fewest uploads whose end lets the waiting one go on; none where none can. */
	List<Reservation> toEndFor(Reservation waiting, long now) {
		int missing = waiting.needed() - this.ledger.free() - this.ledger.revoked();
		int excess = this.ledger.excessOfSlow(waiting);
		List<Reservation> ended = new ArrayList<>();
		for (Reservation holder : worstFirst(waiting, now)) {
			boolean inSlowHalf = holder.slow && holder.state == State.GRANTED;
			if (missing > 0 || (excess > 0 && inSlowHalf)) {
				ended.add(holder);
				missing -= holder.held();
				excess -= inSlowHalf ? holder.held() : 0;
			}
		}
		return (missing <= 0 && excess <= 0) ? ended : List.of();
	}

	private List<Reservation> worstFirst(Reservation waiting, long now) {
		return this.ledger.holders()
			.stream()
			.filter((holder) -> this.confirmed.contains(holder) && mayEnd(holder, waiting, now))
			.sorted(WORST_FIRST)
			.toList();
	}

	private boolean mayEnd(Reservation holder, Reservation waiting, long now) {
		boolean outsideSlowHalf = holder.state == State.GRANTED && !holder.slow;
		return holder.uploader.speed().isStalled() || outsideSlowHalf || isUnfair(holder, waiting, now);
	}

	private boolean isUnfair(Reservation holder, Reservation waiting, long now) {
		return waiting.share.held < holder.share.held
				&& (holder.share.held > this.ledger.capacity() / 2 || now - holder.since > LONGEST_TURN);
	}

}
