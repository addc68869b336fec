package dev.stowage.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.stowage.database.TestDatabase;
import dev.stowage.support.Backing;
import dev.stowage.support.CommandLineRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What all commands have in common: help, wrong usage, and settings that do not work. */
class CommandsTests {

	@TempDir
	Path folder;

	@Test
	void areMeantByTheirNameAndNothingElse() {
		assertThat(Commands.areMeant("check", "--read")).isTrue();
		assertThat(Commands.areMeant("owners", "list")).isTrue();
		assertThat(Commands.areMeant("help")).isTrue();
		assertThat(Commands.areMeant("--help")).isTrue();
		assertThat(Commands.areMeant()).isFalse();
		assertThat(Commands.areMeant("--server.port=0")).isFalse();
		assertThat(Commands.areMeant("--server.port=0", "check")).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "--help", "help", "help check", "check --help", "help owners", "owners --help",
			"owners help list", "owners list --help", "keys --help", "keys create --help", "keys help list",
			"keys rotate --help", "keys revoke --help", "owners quota --help" })
	void teachWithExamples(String line) {
		CommandLineRun run = run(Map.of(), line.split(" ", -1));
		assertThat(run.code()).isZero();
		assertThat(run.errors()).isEmpty();
		assertThat(run.results()).startsWithIgnoringCase(line.contains("check") ? "Compares" : "")
			.contains("Usage: stowage", "Examples:\n  java -jar stowage.jar ")
			.doesNotContain("null");
		assertThat(run.results().lines()).allSatisfy((text) -> assertThat(text.length()).isLessThanOrEqualTo(80));
	}

	@ParameterizedTest
	@ValueSource(strings = { "check --rapair", "check extra", "check --read=maybe", "owners", "owners lst",
			"owners list alice", "help chekc", "keys", "keys create", "keys revoke", "keys rotate a --grace soon",
			"keys create --owner a --scope b", "owners quota", "owners quota a/b", "owners quota a --max-bytes many",
			"owners quota a --max-files -1", "owners quota a --max-files 1TB" })
	void endWithTwoOnWrongUsage(String line) {
		CommandLineRun run = run(Map.of(), line.split(" ", -1));
		assertThat(run.code()).isEqualTo(2);
		assertThat(run.results()).isEmpty();
		assertThat(run.errors()).isNotBlank().doesNotContain("Exception");
	}

	@Test
	void createNoDatabaseAndNoFolder() {
		Path missing = this.folder.resolve("missing");
		requireFailure(run(Map.of("stowage.data-dir", missing.toString()), "check"),
				"There is no database " + missing.resolve("stowage.db") + ". Set STOWAGE_DATA_DIR");
		assertThat(missing).doesNotExist();
	}

	@Test
	void runNoMigrations() throws Exception {
		Path file = Files.createFile(this.folder.resolve("stowage.db"));
		Map<String, String> settings = Map.of("stowage.data-dir", this.folder.toString());
		requireFailure(run(settings, "owners", "list"), "The database has no tables of Stowage. Check ");
		assertThat(JdbcClient.create(new DriverManagerDataSource("jdbc:sqlite:" + file))
			.sql("SELECT count(*) FROM sqlite_master")
			.query(Long.class)
			.single()).isZero();
	}

	@Test
	void refuseTheDatabaseOfAnOlderVersion() {
		String url = Backing.DISTRIBUTED.migratedDatabaseUrl(this.folder).orElseThrow();
		JdbcClient database = JdbcClient.create(new DriverManagerDataSource(url));
		database.sql("""
				DELETE FROM flyway_schema_history WHERE installed_rank >=
					(SELECT installed_rank FROM flyway_schema_history WHERE version = '8')""").update();
		requireFailure(run(Map.of("spring.datasource.url", url, "stowage.s3.bucket", "any"), "owners", "list"),
				"The database belongs to an older version of Stowage: it lacks the migration 8. Start ");
	}

	@Test
	void acceptTheDatabaseOfANewerVersion() {
		String url = Backing.DISTRIBUTED.migratedDatabaseUrl(this.folder).orElseThrow();
		JdbcClient.create(new DriverManagerDataSource(url)).sql("""
				INSERT INTO flyway_schema_history (installed_rank, version, description, type, script, checksum,
					installed_by, execution_time, success) VALUES (999, '999', 'later', 'SQL', 'V999__later.sql', 1,
					'test', 1, TRUE)""").update();
		CommandLineRun run = run(Map.of("spring.datasource.url", url), "owners", "list");
		assertThat(run.errors()).isEmpty();
		assertThat(run.results()).isEqualTo("     FILES             BYTES  OWNER\n");
	}

	@ParameterizedTest
	@EnumSource
	void makeReplaceListAndRevokeKeys(Backing backing) {
		Map<String, String> settings = settings(backing);
		CommandLineRun made = run(settings, "keys", "create", "--owner", "acme", "--name", "app", "--read-only");
		assertThat(made.results()).matches("sk-[0-9A-Za-z]{61}\n");
		String id = made.results().substring(3, 15);
		assertThat(made.errors()).isEqualTo("This is the key " + id + " of acme. It cannot be shown again.\n");
		CommandLineRun next = run(settings, "keys", "rotate", id, "--grace", "0s");
		assertThat(next.results()).matches("sk-[0-9A-Za-z]{61}\n").isNotEqualTo(made.results());
		String list = run(settings, "keys", "list").results();
		assertThat(list.lines()).hasSize(3)
			.anyMatch((line) -> line.matches(id + "  20\\S+Z  never +files.read +acme  app"))
			.anyMatch((line) -> line.matches("[0-9A-Za-z]{12}  never +never +files.read +acme  app"));
		assertThat(list).doesNotContain(made.results().substring(15, 40));
		assertThat(run(settings, "keys", "revoke", id).code()).isZero();
		assertThat(run(settings, "keys", "list").results().lines()).hasSize(2);
		for (String again : List.of("revoke", "rotate")) {
			CommandLineRun missing = run(settings, "keys", again, id);
			assertThat(missing.code()).isEqualTo(2);
			assertThat(missing.errors()).startsWith("There is no such key, or it was revoked.");
		}
		CommandLineRun wrong = run(settings, "keys", "create", "--owner", "a/b");
		assertThat(wrong.code()).isEqualTo(2);
		assertThat(wrong.errors()).startsWith("An owner's name is 1 to 64 letters");
	}

	/** In a process of its own, which alone has a log. */
	@Test
	void writeWhatTheyChangeToTheLogOfActions() throws Exception {
		String data = settings(Backing.EMBEDDED).get("stowage.data-dir");
		Map<String, String> environment = Map.of("STOWAGE_DATA_DIR", String.valueOf(data), "STOWAGE_AUDIT", "true");
		CommandLineRun made = CommandLineRun.of(this.folder, environment, "keys", "create", "--owner", "acme");
		assertThat(made.results()).matches("sk-[0-9A-Za-z]{61}\n");
		String id = made.results().substring(3, 15);
		assertThat(made.errors()).contains("stowage.audit")
			.contains("key.create request=command owner=- key=- address=- project=acme id=" + id
					+ " status=done code=-\n")
			.doesNotContain(made.results().substring(15, 40));
		assertThat(CommandLineRun.of(this.folder, environment, "owners", "quota", "acme", "--max-files", "7").errors())
			.contains("quota.change request=command owner=- key=- address=- project=acme id=- status=done code=-\n");
		assertThat(CommandLineRun.of(this.folder, environment, "keys", "revoke", id).errors())
			.contains("key.revoke request=command owner=- key=- address=- project=- id=" + id);
		assertThat(CommandLineRun.of(this.folder, environment, "keys", "revoke", id).errors())
			.doesNotContain("key.revoke");
		CommandLineRun wrong = CommandLineRun.of(this.folder,
				Map.of("STOWAGE_DATA_DIR", String.valueOf(data), "STOWAGE_AUDIT", "ja"), "keys", "create", "--owner",
				"new");
		assertThat(wrong.code()).isEqualTo(2);
		assertThat(CommandLineRun.of(this.folder, environment, "keys", "list").results().lines()).hasSize(1);
	}

	private Map<String, String> settings(Backing backing) {
		TestDatabase.of(backing, this.folder).close();
		return backing.migratedDatabaseUrl(this.folder)
			.map((url) -> Map.of("spring.datasource.url", url))
			.orElseGet(() -> Map.of("stowage.data-dir", this.folder.toString()));
	}

	@Test
	void sayInOneLineThatTheDatabaseDoesNotAnswer() {
		requireFailure(
				run(Map.of("spring.datasource.url", "jdbc:postgresql://127.0.0.1:1/none", "spring.datasource.password",
						"hidden-word"), "owners", "list"),
				"The database cannot be used: Connection to 127.0.0.1:1 refused.");
	}

	@Test
	void sayInOneLineThatTheStoreDoesNotAnswer() {
		String url = Backing.DISTRIBUTED.migratedDatabaseUrl(this.folder).orElseThrow();
		requireFailure(
				run(Map.of("spring.datasource.url", url, "stowage.s3.bucket", "any", "stowage.s3.endpoint",
						"http://127.0.0.1:1", "stowage.s3.region", "us-east-1", "aws.accessKeyId", "a",
						"aws.secretAccessKey", "b"), "check"),
				"The object store at http://127.0.0.1:1 does not answer: ");
	}

	@Test
	void sayInOneLineWhichSettingIsWrong() {
		requireFailure(run(Map.of("stowage.data-dri", "x"), "check"), "Unknown setting 'stowage.data-dri'");
		requireFailure(run(Map.of("spring.datasource.url", "jdbc:nothing"), "owners", "list"),
				"spring.datasource.url is not a JDBC URL of a supported form.");
		requireFailure(
				run(Map.of("spring.datasource.url", "jdbc:postgresql://127.0.0.1:1/x?a=b&preferQueryMode=simple"),
						"owners", "list"),
				"spring.datasource.url has preferQueryMode=simple, by which statements would not take effect together."
						+ " Remove it from SPRING_DATASOURCE_URL.");
	}

	/** One line on the standard error, exit code 2. */
	private static void requireFailure(CommandLineRun run, String begin) {
		assertThat(run.errors()).startsWith(begin).doesNotContain("hidden-word");
		assertThat(run.errors().lines()).hasSize(1);
		assertThat(run.results()).isEmpty();
		assertThat(run.code()).isEqualTo(2);
	}

	private CommandLineRun run(Map<String, String> settings, String... arguments) {
		return RunHere.command(new HashMap<>(settings), arguments);
	}

}
