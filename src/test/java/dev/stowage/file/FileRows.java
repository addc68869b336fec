package dev.stowage.file;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

import dev.stowage.database.TestDatabase;
import dev.stowage.owner.Owner;
import dev.stowage.storage.ObjectStore;
import dev.stowage.support.Faults;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/** The rows of files as their owners see them, for tests of every package. */
public final class FileRows extends FileRepository {

	private final Faults faults;

	public FileRows(TestDatabase database) {
		this(database, new Faults());
	}

	/** Repositories whose calls fail as the test requests. */
	public FileRows(TestDatabase database, Faults faults) {
		super(database.jdbc(), database.changes(), new PlaceRepository(database.jdbc(), database.changes()));
		this.faults = faults;
	}

	/** Files in these rows. */
	public Files files(ObjectStore store, BooleanSupplier ours, Clock clock) {
		return new Files(this, store, new DamageReports(new SimpleMeterRegistry()), new PromptRemoval(store, ours),
				clock);
	}

	/** Reports nobody reads. */
	public static DamageReports damage() {
		return new DamageReports(new SimpleMeterRegistry());
	}

	@Override
	public Optional<StoredFile> find(Owner owner, FileId id, Instant now) {
		return this.faults.around("find", () -> super.find(owner, id, now));
	}

	@Override
	public FilePage page(Owner owner, FileQuery query, Instant now) {
		return this.faults.around("list", () -> super.page(owner, query, now));
	}

	/** At most as many files as the limit and one. */
	public List<StoredFile> list(Owner owner, FileQuery query, Instant now) {
		return page(owner, query.from(query.after(), query.limit() + 1), now).files();
	}

	@Override
	public boolean delete(Owner owner, FileId id, Instant now) {
		return this.faults.around("delete", () -> super.delete(owner, id, now));
	}

}
