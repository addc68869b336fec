package dev.stowage.check;

import java.util.Objects;

import dev.stowage.file.Purpose;
import dev.stowage.support.Leftovers;
import dev.stowage.support.Together;
import dev.stowage.support.WithRows;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/** What is counted for owners and corrected, on each database. */
class UsageRepositoryTests extends WithRows {

	private static final int COMMANDS = 8;

	private UsageRepository usage;

	@BeforeEach
	void open() {
		this.usage = new UsageRepository(new JdbcTemplate(Objects.requireNonNull(this.database.dataSource())),
				this.database.changes());
	}

	@Test
	void findsWhatIsCountedBesideWhatRowsSay() {
		available(ALICE, Purpose.EVALS);
		available(BOB, Purpose.EVALS);
		assertThat(this.usage.wrongAfter("", 10)).isEmpty();
		miscount();
		assertThat(this.usage.wrongAfter("", 10)).containsExactly(new CountedUsage("alice", 1, 7, 4, 2));
		assertThat(this.usage.wrongAfter("alice", 10)).isEmpty();
	}

	@Test
	void correctsOnceHoweverManyCommandsHaveFoundIt() throws Exception {
		available(ALICE, Purpose.EVALS);
		for (int round = 0; round < 10; round++) {
			miscount();
			Together.run(COMMANDS, () -> {
				this.usage.correct("alice");
				return true;
			});
			Leftovers.requireCounted(this.database.jdbc());
		}
	}

	/** Three files too many for Alice, and five bytes too few. */
	private void miscount() {
		this.database.jdbc()
			.sql("""
					UPDATE owner_usage SET files = files + 3, bytes = bytes - 5
					WHERE owner = 'alice' AND stripe = (SELECT min(stripe) FROM owner_usage WHERE owner = 'alice')""")
			.update();
	}

}
