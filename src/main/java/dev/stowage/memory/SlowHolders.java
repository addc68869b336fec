package dev.stowage.memory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import dev.stowage.memory.Reservation.State;

/**
 * Decides which slow clients lose memory to waiting uploads. A slow client first loses
 * what it has reserved and not yet taken. What it has taken is freed only by ending its
 * upload, which happens only if a waiting upload can then continue:
 * <ul>
 * <li>a client that has stalled for seconds is ended for any waiting upload;
 * <li>a slow client is ended if it holds memory outside the half for slow clients;
 * <li>a slow client is ended if its sender holds more than the waiting sender, and either
 * more than half of the memory or this part for minutes.
 * </ul>
 * Uploads of the sender that holds the most are ended first, and of these the latest, so
 * that older uploads can finish. The lock of the memory guards it.
 */
final class SlowHolders {

	private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

	/** How long a slow client may keep its turn while other slow ones wait. */
	private static final long TURN = 30 * SECOND;

	/** How long a slow client may hold a part that another sender needs. */
	private static final long LONGEST_TURN = 120 * SECOND;

	private static final Comparator<Reservation> WORST_FIRST = Comparator
		.comparing((Reservation holder) -> !holder.uploader.speed().isStalled())
		.thenComparing((holder) -> holder.share.held, Comparator.reverseOrder())
		.thenComparing((holder) -> holder.since, Comparator.reverseOrder());

	private final MemoryLedger ledger;

	/**
	 * Too slow at the last check. After a pause of the process, all clients seem slow.
	 */
	private Set<Reservation> suspected = Set.of();

	/** Too slow at the last two checks. */
	private Set<Reservation> confirmed = Set.of();

	private long lookedAt;

	SlowHolders(MemoryLedger ledger, long now) {
		this.ledger = ledger;
		this.lookedAt = now;
	}

	/** Whether the last check was a second ago. */
	boolean areDue(long now) {
		return now - this.lookedAt >= SECOND;
	}

	/**
	 * Revokes what slow clients have reserved and not taken, and notes which are too
	 * slow.
	 */
	void look(long now, boolean slowWait) {
		this.lookedAt = now;
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

	/**
	 * The fewest uploads whose end lets the waiting one continue; empty if no set of
	 * uploads does.
	 */
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
