package dev.stowage.check;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

import dev.stowage.check.Difference.Kind;
import dev.stowage.file.ObjectKeys;
import dev.stowage.identity.BindingVerdict;
import dev.stowage.identity.StoreComparison;
import dev.stowage.storage.ObjectStore;
import dev.stowage.storage.StorageStartException;

/**
 * Compares all rows with all objects, while servers run or not. Its memory does not
 * depend on how many there are.
 */
public class Check {

	/** What is younger may be what a server is about to name or remove. */
	static final Duration MIN_AGE = Duration.ofDays(1);

	private static final String UPLOADS = "files/";

	private final CheckRepository rows;

	private final UsageRepository usage;

	private final ObjectStore store;

	private final StoreComparison identity;

	private final Clock clock;

	Check(CheckRepository rows, UsageRepository usage, ObjectStore store, StoreComparison identity, Clock clock) {
		this.rows = rows;
		this.usage = usage;
		this.store = store;
		this.identity = identity;
		this.clock = clock;
	}

	/**
	 * Reports each difference as it is found.
	 * @param read whether to read every byte of each file
	 * @param repair whether to remove what no row names and is older than a day, and to
	 * correct what is counted for owners
	 * @throws StorageStartException before anything is compared, if the store belongs to
	 * another database, or lacks an identity and something would be removed
	 */
	public CheckResult run(boolean read, boolean repair, Consumer<Difference> report) {
		Instant old = this.clock.instant().minus(MIN_AGE);
		Findings findings = new Findings(report, old, repair);
		requireOurs(findings, repair);
		Optional<Content> content = read ? Optional.of(new Content(this.store, this.rows, findings)) : Optional.empty();
		Comparison comparison = new Comparison(this.rows, this.store, findings, content, old);
		for (String prefix : new String[] { UPLOADS, ObjectKeys.STAGING }) {
			comparison.walk(prefix);
			comparison.walkUploads(prefix);
		}
		compareUsage(findings);
		return new CheckResult(comparison.files(), comparison.objects(), content.map(Content::bytes).orElse(0L),
				content.map(Content::unsummed).orElse(0L), findings.found(), findings.repaired());
	}

	private void compareUsage(Findings findings) {
		Pages<CountedUsage> wrong = new Pages<>(
				(last) -> this.usage.wrongAfter(last.map(CountedUsage::owner).orElse(""), Pages.SIZE));
		for (Optional<CountedUsage> next = wrong.next(); next.isPresent(); next = wrong.next()) {
			CountedUsage its = next.get();
			findings.add(Kind.WRONG_USAGE, its.toString(), () -> this.usage.correct(its.owner()));
		}
	}

	/** With another store, everything would seem to be missing or without a row. */
	private void requireOurs(Findings findings, boolean repair) {
		BindingVerdict verdict = this.identity.compare();
		switch (verdict) {
			case OURS -> {
			}
			case NEW, LOST, EMPTY -> {
				if (repair) {
					throw new StorageStartException("The store holds no identity, so it may belong to another database."
							+ " Nothing is removed from it. Start the server once", null);
				}
				findings.add(Kind.NO_IDENTITY, "the store does not hold the object that binds it to this database");
			}
			case UNKNOWN, OTHERS, NEWER -> throw new StorageStartException(
					verdict.text() + " Check the settings of the database and of the store", null);
		}
	}

}
