package dev.stowage.sweep;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectStore;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;

/**
 * Removes the objects of a batch of files: several files per call, and as many
 * simultaneous calls as a {@link Brake} allows. If a call for several files fails, they
 * are tried one by one, so that a file that cannot be removed does not block the others.
 */
final class Erasure {

	private static final int MAX_FILES = 25;

	private static final int MAX_KEYS = 250;

	private static final ContextSnapshotFactory contexts = ContextSnapshotFactory.builder().build();

	private final ObjectStore store;

	Erasure(ObjectStore store) {
		this.store = store;
	}

	/**
	 * Removes the objects that the files name, until it is stopped.
	 * @return the result for each file, in no particular order
	 */
	Outcome erase(List<DueFile> files, Brake brake, BooleanSupplier stop) {
		Outcome outcome = new Outcome(new ArrayList<>(), new LinkedHashMap<>(), new ArrayDeque<>(files));
		while (!outcome.left().isEmpty() && !brake.isOn() && !stop.getAsBoolean()) {
			List<Call> calls = new ArrayList<>();
			boolean single = brake.calls() == 1;
			while (!outcome.left().isEmpty() && calls.size() < brake.calls()) {
				calls.add(new Call(take(outcome.left(), single ? 1 : MAX_FILES)));
			}
			makeAtOnce(calls);
			int done = outcome.done().size();
			int failed = outcome.failed().size();
			boolean unsure = false;
			for (Call call : calls.reversed()) {
				unsure |= call.addTo(outcome);
			}
			brake.learn(outcome.done().size() - done, outcome.failed().size() - failed, unsure);
		}
		return outcome;
	}

	/** The first file, and those after it that fit into the same call. */
	private static List<DueFile> take(Deque<DueFile> files, int limit) {
		List<DueFile> taken = new ArrayList<>();
		int keys = 0;
		while (!files.isEmpty() && taken.size() < limit) {
			DueFile next = files.element();
			keys += 1 + next.copies() + next.parts();
			if (!taken.isEmpty() && (keys > MAX_KEYS || next.isAlone())) {
				break;
			}
			taken.add(files.remove());
			if (next.isAlone()) {
				break;
			}
		}
		return taken;
	}

	private static void makeAtOnce(List<Call> calls) {
		if (calls.size() == 1) {
			calls.getFirst().make();
			return;
		}
		ContextSnapshot context = contexts.captureAll();
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			// the loop waits for their end
			calls.forEach((call) -> threads.execute(context.wrap(call::make)));
		}
	}

	/**
	 * The results.
	 *
	 * @param done files whose objects are removed
	 * @param failed files whose objects may still exist, with the reason
	 * @param left files that were not tried
	 */
	record Outcome(List<DueFile> done, Map<DueFile, String> failed, Deque<DueFile> left) {
	}

	/** One call to the store, for one file or several. */
	private final class Call {

		private final List<DueFile> files;

		private Map<ObjectKey, String> refused = Map.of();

		private Optional<String> failure = Optional.of("The call did not finish");

		private Call(List<DueFile> files) {
			this.files = files;
		}

		private void make() {
			try {
				DueFile first = this.files.getFirst();
				if (first.mayHaveOpenUploads()) {
					Erasure.this.store.deleteUploads(first.key());
				}
				else {
					first.openPrefixes().forEach(Erasure.this.store::abortUploads);
					this.refused = Erasure.this.store
						.deleteAll(this.files.stream().flatMap((file) -> file.keys().stream()).toList());
				}
				this.failure = Optional.empty();
			}
			catch (RuntimeException ex) {
				this.failure = Optional.of(String.valueOf(ex.getMessage()));
			}
		}

		/**
		 * Returns whether the call says nothing about its single files, which are then
		 * left.
		 */
		private boolean addTo(Outcome outcome) {
			boolean none = this.files.stream().allMatch((file) -> reason(file).isPresent());
			if (none && this.files.size() > 1) {
				this.files.reversed().forEach(outcome.left()::addFirst);
				return true;
			}
			for (DueFile file : this.files) {
				reason(file).ifPresentOrElse((reason) -> outcome.failed().put(file, reason),
						() -> outcome.done().add(file));
			}
			return false;
		}

		private Optional<String> reason(DueFile file) {
			return this.failure.or(() -> file.keys()
				.stream()
				.flatMap((key) -> Optional.ofNullable(this.refused.get(key)).stream())
				.findFirst());
		}

	}

}
