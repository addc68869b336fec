package dev.stowage.database;

import java.nio.file.Path;

import dev.stowage.support.TestPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs all tests of a class on an empty database of each kind. */
@ParameterizedClass(name = "{0}")
@EnumSource
public abstract class OnEachDatabase {

	@Parameter
	Kind kind;

	@TempDir
	Path folder;

	protected TestDatabase database;

	@BeforeEach
	void open() {
		this.database = this.kind.open(this.folder);
	}

	/** The same database, as another process opens it. */
	protected TestDatabase openAgain() {
		return this.kind.openAgain(this.folder);
	}

	@AfterEach
	void close() {
		this.database.close();
	}

	/** The supported databases. */
	enum Kind {

		SQLITE {
			@Override
			TestDatabase open(Path folder) {
				return TestDatabase.sqlite(folder);
			}

			@Override
			TestDatabase openAgain(Path folder) {
				return open(folder);
			}
		},

		/** It sorts text as people do. */
		POSTGRES {
			@Override
			TestDatabase open(Path folder) {
				TestDatabase database = TestDatabase.postgres(TestPostgres.sorting());
				database.jdbc()
					.sql("TRUNCATE file, file_pair, removed_file, idempotency_key, owner_usage, event, events_wanted")
					.update();
				return database;
			}

			@Override
			TestDatabase openAgain(Path folder) {
				return TestDatabase.postgres(TestPostgres.sorting());
			}
		};

		abstract TestDatabase open(Path folder);

		abstract TestDatabase openAgain(Path folder);

	}

}
