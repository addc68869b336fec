package dev.stowage.check;

import java.time.Instant;
import java.util.function.Consumer;

import dev.stowage.check.Difference.Kind;

/** Counts and reports what is found, and repairs what may be repaired. */
final class Findings {

	private final Consumer<Difference> report;

	private final Instant old;

	private final boolean repair;

	private long found;

	private long repaired;

	/**
	 * Begins with none.
	 * @param old only what was written before may be removed
	 * @param repair whether anything is removed
	 */
	Findings(Consumer<Difference> report, Instant old, boolean repair) {
		this.report = report;
		this.old = old;
		this.repair = repair;
	}

	void add(Kind kind, String text) {
		this.found++;
		this.report.accept(new Difference(kind, text, false));
	}

	/**
	 * Adds what no row names.
	 * @param written when it was written, or begun
	 * @param removal removes it
	 */
	void add(Kind kind, String text, Instant written, Runnable removal) {
		if (written.isBefore(this.old)) {
			add(kind, text, removal);
		}
		else {
			add(kind, text + ", younger than a day");
		}
	}

	/** Adds what may be repaired at any time. */
	void add(Kind kind, String text, Runnable repair) {
		if (!this.repair) {
			add(kind, text);
			return;
		}
		repair.run();
		this.found++;
		this.repaired++;
		this.report.accept(new Difference(kind, text, true));
	}

	long found() {
		return this.found;
	}

	long repaired() {
		return this.repaired;
	}

}
