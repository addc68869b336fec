package dev.stowage.sweep;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.stowage.file.FileStatus;
import dev.stowage.owner.Owner;

/**
 * Claims due files by priority: deleted files first, then expired ones and the remains of
 * uploads, then unfinished uploads. A part of each batch is reserved for each kind, so
 * that no kind waits for the end of another. Within a kind every owner gets an equal
 * share, however many files of others are due. Used by one thread.
 */
final class DueFiles {

	private static final int MAX_OWNERS = 100;

	private static final long SLOW_NANOS = 50_000_000;

	/** Other instances may claim rows first, but some are left for this one. */
	private static final int MAX_TRIES = 3;

	private final SweepRepository rows;

	private final Kind deleted = new Kind(FileStatus.DELETING);

	private final Kind available = new Kind(FileStatus.AVAILABLE);

	private final Kind pending = new Kind(FileStatus.PENDING);

	DueFiles(SweepRepository rows) {
		this.rows = rows;
	}

	/**
	 * Claims a batch of files that are due for the first time; empty if none is due.
	 * @param expired whether to include expired files
	 */
	List<DueFile> claim(boolean expired, Instant now, Instant until, int limit) {
		List<DueFile> batch = new ArrayList<>(this.deleted.claim(now, until, limit - limit / 5));
		if (expired) {
			batch.addAll(this.available.claim(now, until, limit - limit / 10 - batch.size()));
		}
		batch.addAll(this.pending.claim(now, until, limit - batch.size()));
		return batch;
	}

	/** One status of waiting rows, and the owners that have such rows. */
	private final class Kind {

		private final FileStatus status;

		private final Deque<String> owners = new ArrayDeque<>();

		private String last = "";

		private long lookedAt;

		private long lookTook;

		private Kind(FileStatus status) {
			this.status = status;
		}

		private List<DueFile> claim(Instant now, Instant until, int limit) {
			List<DueFile> claimed = new ArrayList<>();
			for (int tries = 0; tries < MAX_TRIES && claimed.size() < limit; tries++) {
				boolean isOld = isSlow() && System.nanoTime() - this.lookedAt > 10 * this.lookTook;
				if (this.owners.isEmpty() || isOld) {
					lookForOwners(now);
				}
				if (this.owners.isEmpty()) {
					break;
				}
				claimed.addAll(claimShares(now, until, limit - claimed.size()));
			}
			return inTurn(claimed);
		}

		/** Continues after the owner that was served last, then from the start. */
		private void lookForOwners(Instant now) {
			long start = System.nanoTime();
			Set<String> found = DueFiles.this.rows.ownersOfFew(this.status, now).map(this::inOrder).orElseGet(() -> {
				Set<String> some = new LinkedHashSet<>();
				look(some, this.last, now);
				if (!this.last.isEmpty()) {
					look(some, "", now);
				}
				return some;
			});
			this.owners.clear();
			found.stream().limit(MAX_OWNERS).forEach(this.owners::add);
			this.lookedAt = System.nanoTime();
			this.lookTook = this.lookedAt - start;
		}

		private Set<String> inOrder(Set<String> all) {
			Set<String> ordered = new LinkedHashSet<>();
			all.stream().filter((owner) -> owner.compareTo(this.last) > 0).forEach(ordered::add);
			ordered.addAll(all);
			return ordered;
		}

		/** Several statements, each of which ends soon, however many owners there are. */
		private void look(Set<String> found, String after, Instant now) {
			Optional<String> next = Optional.of(after);
			while (next.isPresent() && found.size() < MAX_OWNERS) {
				OwnersDue some = DueFiles.this.rows.ownersDue(this.status, next.get(), now, MAX_OWNERS);
				found.addAll(some.owners());
				next = some.next();
			}
		}

		/** Many owners have rows, and few of them have due ones. */
		private boolean isSlow() {
			return this.lookTook > SLOW_NANOS;
		}

		private List<DueFile> claimShares(Instant now, Instant until, int limit) {
			List<String> some = new ArrayList<>();
			while (some.size() < limit && !this.owners.isEmpty()) {
				some.add(this.owners.remove());
			}
			this.last = some.getLast();
			int each = limit / some.size();
			List<DueFile> claimed = DueFiles.this.rows.claim(this.status, some, now, until, each);
			if (isSlow()) {
				// an owner that got a full share may have more, and need not be searched
				Map<String, Integer> counts = new HashMap<>();
				claimed.forEach((file) -> counts.merge(file.owner().name(), 1, Integer::sum));
				some.stream().filter((owner) -> counts.getOrDefault(owner, 0) == each).forEach(this.owners::add);
			}
			return claimed;
		}

		/** Takes one row of each owner in turn. */
		private static List<DueFile> inTurn(List<DueFile> files) {
			Map<Owner, Deque<DueFile>> waiting = new LinkedHashMap<>();
			files.forEach((file) -> waiting.computeIfAbsent(file.owner(), (owner) -> new ArrayDeque<>()).add(file));
			List<DueFile> ordered = new ArrayList<>();
			while (!waiting.isEmpty()) {
				waiting.values().forEach((its) -> ordered.add(its.remove()));
				waiting.values().removeIf(Deque::isEmpty);
			}
			return ordered;
		}

	}

}
