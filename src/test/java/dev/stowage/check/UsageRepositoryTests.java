package dev.stowage.check;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import dev.stowage.database.TestDatabase;
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
	void connect() {
		this.usage = usage(this.database);
	}

	private static UsageRepository usage(TestDatabase database) {
		return new UsageRepository(new JdbcTemplate(database.dataSource()), database.changes());
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
		Queue<TestDatabase> commands = new ConcurrentLinkedQueue<>();
		try {
			while (commands.size() < COMMANDS) {
				commands.add(openAgain());
			}
			for (int round = 0; round < 10; round++) {
				miscount();
				Together.run(COMMANDS, () -> {
					TestDatabase command = commands.remove();
					usage(command).correct("alice");
					return commands.add(command);
				});
				Leftovers.requireCounted(this.database.jdbc());
			}
		}
		finally {
			commands.forEach(TestDatabase::close);
		}
	}

	@Test
	void changesNothingThatIsRight() {
		available(ALICE, Purpose.EVALS);
		this.usage.correct("alice");
		this.usage.correct("nobody");
		Leftovers.requireCounted(this.database.jdbc());
		assertThat(this.database.jdbc().sql("SELECT count(*) FROM owner_usage").query(Integer.class).single())
			.isEqualTo(1);
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
