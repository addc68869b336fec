package dev.stowage.command;

import java.time.Clock;

import dev.stowage.check.OwnerUsageRepository;
import dev.stowage.storage.DataDisk;
import dev.stowage.storage.ObjectStore;
import dev.stowage.storage.StorageProperties;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.FilterType;
import org.springframework.context.annotation.Import;

/**
 * What commands share with the server. Not annotated as a configuration, so that the
 * server does not find it.
 */
@ImportAutoConfiguration({ DataSourceAutoConfiguration.class, DataSourceTransactionManagerAutoConfiguration.class,
		JdbcTemplateAutoConfiguration.class, JdbcClientAutoConfiguration.class, TransactionAutoConfiguration.class,
		FlywayAutoConfiguration.class })
@Import(OwnerUsageRepository.class)
@EnableConfigurationProperties(StorageProperties.class)
@ComponentScan(
		basePackages = { "dev.stowage.database", "dev.stowage.identity", "dev.stowage.check", "dev.stowage.keys",
				"dev.stowage.owner", "dev.stowage.quota" },
		useDefaultFilters = false,
		// a command that needs another bean of the server adds its class here
		includeFilters = @Filter(type = FilterType.REGEX,
				pattern = { "dev\\.stowage\\.database\\.(Changes|GroupCommit)",
						"dev\\.stowage\\.identity\\.(IdentityRepository|StoreComparison)",
						"dev\\.stowage\\.check\\.(Check|CheckRepository|UsageRepository)",
						"dev\\.stowage\\.keys\\.(KeyRepository|KnownKeys|LastUses|Keys)",
						"dev\\.stowage\\.owner\\.(OwnerRepository|Projects)",
						"dev\\.stowage\\.quota\\.(QuotaRepository|KnownLimits|Quotas)" }))
class CommandConfiguration {

	@Bean
	Clock clock() {
		return Clock.systemUTC();
	}

	/** A command changes no migration; it needs the tables that this version knows. */
	@Bean
	FlywayMigrationStrategy noMigration() {
		return Schema::requireCurrent;
	}

	/** A command writes no bytes of clients. */
	@Bean
	DataDisk dataDisk() {
		return DataDisk.none();
	}

	@Bean
	CommandStore commandStore(StorageProperties storage) {
		return CommandStore.open(storage);
	}

	@Bean(destroyMethod = "")
	ObjectStore objectStore(CommandStore store) {
		return store.objects();
	}

}
