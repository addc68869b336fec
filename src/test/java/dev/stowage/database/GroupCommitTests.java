package dev.stowage.database;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import dev.stowage.support.Together;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.flyway.autoconfigure.FlywayProperties;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** {@link GroupCommit} over a real SQLite. */
@Timeout(60)
class GroupCommitTests {

	@TempDir
	private Path folder;

	private TestDatabase database;

	private CountingTransactions transactions;

	private GroupCommit commits;

	private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

	@BeforeEach
	void setUp() {
		this.database = TestDatabase.sqlite(this.folder);
		this.transactions = new CountingTransactions(this.database);
		this.commits = new GroupCommit(this.database.jdbc(), new TransactionTemplate(this.transactions),
				new FlywayProperties());
	}

	@AfterEach
	void close() {
		this.callers.close();
		this.commits.close();
		this.database.close();
	}

	@Test
	void returnsWhatTheStatementReturned() {
		assertThat(this.commits.make(() -> insert("a"))).isEqualTo(1);
		assertThat(this.commits.make(() -> this.database.jdbc().sql("DELETE FROM api_key").update())).isEqualTo(1);
		assertThat(this.commits.make(() -> this.database.jdbc().sql("DELETE FROM api_key").update())).isZero();
	}

	@Test
	void commitsTogetherWhatWaitsTogether() throws Exception {
		List<CompletableFuture<Integer>> answers = whileTheWriterIsBusy(
				() -> IntStream.range(0, 50).mapToObj((number) -> make("key" + number)).toList());
		for (CompletableFuture<Integer> answer : answers) {
			assertThat(answer.get()).isEqualTo(1);
		}
		assertThat(keys()).hasSize(50);
		assertThat(this.transactions.commits).hasValue(1);
	}

	@Test
	void failsAloneTheOneThatFailsByItself() throws Exception {
		insert("taken");
		List<CompletableFuture<Integer>> answers = whileTheWriterIsBusy(
				() -> List.of(make("a"), make("taken"), make("b")));
		assertThat(answers.get(0).get()).isEqualTo(1);
		assertThatThrownBy(() -> answers.get(1).get()).isInstanceOf(ExecutionException.class)
			.hasCauseInstanceOf(DataAccessException.class);
		assertThat(answers.get(2).get()).isEqualTo(1);
		assertThat(keys()).containsExactly("a", "b", "taken");
	}

	@Test
	void answersNobodyBeforeTheCommit() throws Exception {
		CountDownLatch committing = new CountDownLatch(1);
		CountDownLatch mayCommit = new CountDownLatch(1);
		this.transactions.beforeCommit = () -> {
			committing.countDown();
			await(mayCommit);
		};
		List<CompletableFuture<Integer>> answers = whileTheWriterIsBusy(() -> List.of(make("a"), make("b")));
		committing.await();
		assertThat(answers).noneMatch(CompletableFuture::isDone);
		assertThat(keys()).isEmpty();
		mayCommit.countDown();
		for (CompletableFuture<Integer> answer : answers) {
			assertThat(answer.get()).isEqualTo(1);
		}
		assertThat(keys()).containsExactly("a", "b");
	}

	@Test
	void failsAllWhenTheCommitFails() throws Exception {
		this.transactions.beforeCommit = () -> {
			throw new DataAccessResourceFailureException("A test made the commit fail");
		};
		List<CompletableFuture<Integer>> answers = whileTheWriterIsBusy(() -> List.of(make("a"), make("b")));
		for (CompletableFuture<Integer> answer : answers) {
			assertThatThrownBy(answer::join).isInstanceOf(CompletionException.class)
				.hasCauseInstanceOf(DataAccessResourceFailureException.class);
		}
		assertThat(keys()).isEmpty();
		this.transactions.beforeCommit = () -> {
		};
		assertThat(make("c").get()).isEqualTo(1);
	}

	/** Like a pool without free connections. */
	@Test
	void failsAllWhenNoTransactionCanBegin() throws Exception {
		this.database.dataSource().getHikariConfigMXBean().setConnectionTimeout(250);
		List<Connection> all = new ArrayList<>();
		List<CompletableFuture<Integer>> answers = whileTheWriterIsBusy(() -> {
			for (int i = 0; i < this.database.dataSource().getMaximumPoolSize(); i++) {
				all.add(this.database.dataSource().getConnection());
			}
			return List.of(make("a"), make("b"));
		});
		for (CompletableFuture<Integer> answer : answers) {
			assertThatThrownBy(answer::join).hasCauseInstanceOf(DataAccessResourceFailureException.class);
		}
		for (Connection connection : all) {
			connection.close();
		}
		assertThat(make("c").get()).isEqualTo(1);
	}

	/** If each waited in turn, the last would get its answer after minutes. */
	@Test
	void failsAllAtOnceWhenAnotherProcessKeepsWriting() throws Exception {
		String url = this.database.dataSource().getJdbcUrl();
		this.database.close();
		this.commits.close();
		DriverManagerDataSource impatient = new DriverManagerDataSource(
				url.replace("busy_timeout=10000", "busy_timeout=500"));
		JdbcClient jdbc = JdbcClient.create(impatient);
		this.commits = new GroupCommit(jdbc, new TransactionTemplate(new JdbcTransactionManager(impatient)),
				new FlywayProperties());
		try (Connection other = impatient.getConnection(); Statement begin = other.createStatement()) {
			begin.execute("BEGIN IMMEDIATE");
			List<CompletableFuture<Integer>> answers = whileTheWriterIsBusy(() -> IntStream.range(0, 20)
				.mapToObj((number) -> CompletableFuture
					.supplyAsync(() -> this.commits.make(() -> insert(jdbc, "key" + number)), this.callers))
				.toList());
			long start = System.nanoTime();
			for (CompletableFuture<Integer> answer : answers) {
				assertThatThrownBy(answer::join).hasCauseInstanceOf(DataAccessException.class);
			}
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
			begin.execute("ROLLBACK");
		}
		assertThat(this.commits.make(() -> insert(jdbc, "a"))).isEqualTo(1);
	}

	@Test
	void losesNothingOfManyCallersAmongWhomSomeFail() throws Exception {
		insert("taken");
		AtomicInteger number = new AtomicInteger();
		List<Boolean> made = Together.run(2_000, () -> {
			int mine = number.incrementAndGet();
			String key = (mine % 10 == 0) ? "taken" : "key" + mine;
			try {
				this.commits.make(() -> insert(key));
				// a caller that got its answer finds it
				assertThat(has(key)).isTrue();
				return true;
			}
			catch (DataAccessException ex) {
				assertThat(key).isEqualTo("taken");
				return false;
			}
		});
		assertThat(made).filteredOn((answer) -> answer).hasSize(1_800);
		assertThat(keys()).hasSize(1_801);
	}

	@Test
	void waitsForItsAnswerWhenInterrupted() throws Exception {
		CountDownLatch committed = new CountDownLatch(1);
		List<CompletableFuture<Boolean>> answers = whileTheWriterIsBusy(
				() -> List.of(CompletableFuture.supplyAsync(() -> {
					Thread.currentThread().interrupt();
					this.commits.make(() -> insert("a"));
					committed.countDown();
					return Thread.interrupted();
				}, this.callers)));
		assertThat(answers.getFirst().get()).isTrue();
		assertThat(committed.getCount()).isZero();
		assertThat(keys()).containsExactly("a");
	}

	@Test
	void makesWhatWasAskedForBeforeItClosesAndNothingAfter() throws Exception {
		List<CompletableFuture<Integer>> answers = whileTheWriterIsBusy(() -> List.of(make("a"), make("b")));
		this.commits.close();
		for (CompletableFuture<Integer> answer : answers) {
			assertThat(answer.get()).isEqualTo(1);
		}
		assertThatThrownBy(() -> this.commits.make(() -> insert("c")))
			.isInstanceOf(DataAccessResourceFailureException.class);
		assertThat(keys()).containsExactly("a", "b");
	}

	/** Lets callers pile up, as they do while the disk is busy. */
	private <T> List<CompletableFuture<T>> whileTheWriterIsBusy(Callers<T> waiting) throws Exception {
		CountDownLatch release = new CountDownLatch(1);
		CountDownLatch busy = new CountDownLatch(1);
		CompletableFuture<Void> first = CompletableFuture.runAsync(() -> this.commits.make(() -> {
			busy.countDown();
			await(release);
			return 0;
		}), this.callers);
		busy.await();
		List<CompletableFuture<T>> answers = waiting.call();
		while (this.commits.waiting() < answers.size()) {
			Thread.sleep(1);
		}
		release.countDown();
		first.get();
		return answers;
	}

	private CompletableFuture<Integer> make(String key) {
		return CompletableFuture.supplyAsync(() -> this.commits.make(() -> insert(key)), this.callers);
	}

	private int insert(String key) {
		return insert(this.database.jdbc(), key);
	}

	private static int insert(JdbcClient jdbc, String key) {
		return jdbc.sql("INSERT INTO api_key (owner, sha256, created_at) VALUES (:key, '', 0)")
			.param("key", key)
			.update();
	}

	private boolean has(String key) {
		return this.database.jdbc()
			.sql("SELECT count(*) FROM api_key WHERE owner = :key")
			.param("key", key)
			.query(Integer.class)
			.single() == 1;
	}

	private List<String> keys() {
		return this.database.jdbc()
			.sql("SELECT owner FROM api_key ORDER BY owner")
			.query((row, number) -> row.getString("owner"))
			.list();
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Starts callers, and returns their future answers. */
	private interface Callers<T> {

		List<CompletableFuture<T>> call() throws SQLException;

	}

	/** Real transactions; the test decides what happens before a commit. */
	private static final class CountingTransactions extends JdbcTransactionManager {

		private final AtomicInteger commits = new AtomicInteger();

		private volatile Runnable beforeCommit = () -> {
		};

		private CountingTransactions(TestDatabase database) {
			super(database.dataSource());
		}

		@Override
		protected void doCommit(DefaultTransactionStatus status) {
			this.beforeCommit.run();
			super.doCommit(status);
			this.commits.incrementAndGet();
		}

	}

}
