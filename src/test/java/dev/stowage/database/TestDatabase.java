package dev.stowage.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.stowage.storage.DataDisk;
import dev.stowage.support.Backing;
import org.flywaydb.core.Flyway;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.flyway.autoconfigure.FlywayProperties;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A pooled and migrated database, configured as in {@code application.yaml}. */
public record TestDatabase(HikariDataSource dataSource, JdbcClient jdbc, Optional<GroupCommit> together,
		Changes changes) implements AutoCloseable {

	/** The database of a folder, copied from one that is migrated. */
	public static TestDatabase of(Backing backing, Path folder) {
		return backing.migratedDatabaseUrl(folder)
			.map((url) -> open(settings(Map.of()), url, "postgresql", false))
			.orElseGet(() -> copied(folder));
	}

	/** A separate file in the folder. */
	public static TestDatabase sqlite(Path folder) {
		return sqlite(folder, true);
	}

	private static TestDatabase sqlite(Path folder, boolean migrate) {
		StandardEnvironment settings = settings(Map.of("stowage.data-dir", folder.toString()));
		return open(settings, settings.getRequiredProperty("spring.datasource.url"), "sqlite", migrate);
	}

	public static TestDatabase postgres(String url) {
		return open(settings(Map.of()), url, "postgresql", true);
	}

	private static TestDatabase copied(Path folder) {
		Path file = folder.resolve("stowage.db");
		try {
			if (!Files.exists(file)) {
				Files.copy(Migrated.FILE, file);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return sqlite(folder, false);
	}

	private static StandardEnvironment settings(Map<String, Object> own) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().addFirst(new MapPropertySource("test", own));
		try {
			new YamlPropertySourceLoader().load("application", new ClassPathResource("application.yaml"))
				.forEach(environment.getPropertySources()::addLast);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return environment;
	}

	private static TestDatabase open(StandardEnvironment settings, String url, String vendor, boolean migrate) {
		HikariConfig pool = new HikariConfig();
		pool.setJdbcUrl(url);
		Binder.get(settings).bind("spring.datasource.hikari", Bindable.ofInstance(pool));
		// most tests need one connection
		pool.setMinimumIdle(1);
		PreparedStatements.keep(pool);
		HikariDataSource dataSource = new HikariDataSource(pool);
		if (migrate) {
			String locations = settings.getRequiredProperty("spring.flyway.locations").replace("{vendor}", vendor);
			Flyway.configure().dataSource(dataSource).locations(locations.split(",")).load().migrate();
		}
		JdbcClient jdbc = JdbcClient.create(dataSource);
		TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
		Optional<GroupCommit> together = vendor.equals("sqlite")
				? Optional.of(new GroupCommit(jdbc, transaction, new FlywayProperties())) : Optional.empty();
		return new TestDatabase(dataSource, jdbc, together,
				new Changes(together, transaction, new NamedParameterJdbcTemplate(dataSource), DataDisk.none()));
	}

	/** How many rows of files exist, in any state. */
	public int rows() {
		return this.jdbc.sql("SELECT count(*) FROM file").query(Integer.class).single();
	}

	@Override
	public void close() {
		this.together.ifPresent(GroupCommit::close);
		this.dataSource.close();
	}

	/** Copied, because the migrations take longer than most tests. */
	private static final class Migrated {

		private static final Path FILE = create();

		private static Path create() {
			try {
				Path folder = Files.createTempDirectory("stowage-migrated");
				folder.toFile().deleteOnExit();
				sqlite(folder).close();
				Path file = folder.resolve("stowage.db");
				file.toFile().deleteOnExit();
				return file;
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
