package dev.stowage.database;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import org.springframework.dao.DataAccessException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Statements that take effect together, on each database. */
class ChangesTests extends OnEachDatabase {

	private static final String ADD = """
			INSERT INTO idempotency_key (owner, key, file_id, style, expires_at) VALUES (:owner, 'a', 'f', 's', 0)""";

	private static final String COPY = """
			INSERT INTO idempotency_key (owner, key, file_id, style, expires_at)
			SELECT owner, key || :more, file_id, style, expires_at FROM idempotency_key WHERE owner = :owner""";

	@Test
	void countsWhatEachStatementChanged() {
		// more often than a driver needs to prepare them for good
		for (int i = 0; i < 20; i++) {
			assertThat(
					this.database.changes()
						.updateInTurn(parameters("o" + i, "b"),
								List.of(ADD, COPY, "UPDATE idempotency_key SET style = 't' WHERE owner = :owner",
										"DELETE FROM idempotency_key WHERE owner = 'nobody'")))
				.containsExactly(1, 1, 2, 0);
		}
		assertThat(rows()).isEqualTo(40);
	}

	@Test
	void changesNothingIfTheLastStatementFails() {
		for (int i = 0; i < 20; i++) {
			assertThatExceptionOfType(DataAccessException.class)
				.isThrownBy(() -> this.database.changes().updateInTurn(parameters("o", ""), List.of(ADD, COPY)));
			assertThat(rows()).isEqualTo(2 * i);
			this.database.changes().updateInTurn(parameters("o" + i, "b"), List.of(ADD, COPY));
		}
	}

	@Test
	void isUndoneWithTheChangesAroundIt() {
		assertThatExceptionOfType(IllegalStateException.class)
			.isThrownBy(() -> this.database.changes().makeAtOnce(() -> {
				this.database.changes().updateInTurn(parameters("o", "b"), List.of(ADD, COPY));
				assertThat(rows()).isEqualTo(2);
				throw new IllegalStateException("A test failed");
			}));
		assertThat(rows()).isZero();
	}

	private static Map<String, String> parameters(String owner, String more) {
		return Map.of("owner", owner, "more", more);
	}

	private int rows() {
		return this.database.jdbc().sql("SELECT count(*) FROM idempotency_key").query(Integer.class).single();
	}

}
