package dev.stowage.identity;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import dev.stowage.database.TestDatabase;
import dev.stowage.file.StoredFile;
import dev.stowage.storage.DurabilityProperties;
import dev.stowage.storage.FailingObjectStore;
import dev.stowage.storage.FailingObjectStore.Call;
import dev.stowage.storage.FailingObjectStore.Moment;
import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.StorageProperties;
import dev.stowage.storage.StorageStartException;
import dev.stowage.support.FileWorld;
import dev.stowage.support.InFileWorld;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Whether a database and a store belong together. */
class StoreBindingTests extends InFileWorld {

	@TempDir
	Path elsewhere;

	@BeforeEach
	void forget() {
		engine().store().delete(ObjectKey.IDENTITY);
	}

	/** A server that starts over a database and the engine. */
	private StoreBinding start(TestDatabase database, String... settings) {
		return start(database, new FailingObjectStore(engine().store()), settings);
	}

	private StoreBinding start(TestDatabase database, FailingObjectStore store, String... settings) {
		Map<String, String> values = new HashMap<>(Map.of("stowage.s3.bucket", "any"));
		for (String name : settings) {
			values.put(name, "true");
		}
		Binder binder = new Binder(new MapConfigurationPropertySource(values));
		return new StoreBinding(new IdentityRepository(database.jdbc(), database.changes()), store,
				binder.bindOrCreate("stowage", DurabilityProperties.class),
				binder.bindOrCreate("stowage", StorageProperties.class), this.world.clock);
	}

	private void refuses(TestDatabase database, String reason) {
		assertThatExceptionOfType(StorageStartException.class).isThrownBy(() -> start(database))
			.withMessageContaining(reason)
			.withMessageContaining("STOWAGE_ADOPT_STORE=true for one start");
	}

	@Test
	void areBoundByTheFirstStartOfAllAndKnownToEveryOther() throws Exception {
		TestDatabase database = this.world.database;
		CompletableFuture<StoreBinding> one = CompletableFuture.supplyAsync(() -> start(database));
		CompletableFuture<StoreBinding> two = CompletableFuture.supplyAsync(() -> start(database));
		assertThat(one.get().isOurs()).isTrue();
		assertThat(two.get().isOurs()).isTrue();
		assertThat(start(database).isOurs()).isTrue();
		assertThat(new String(engine().bytes(ObjectKey.IDENTITY), StandardCharsets.US_ASCII))
			.matches("stowage [0-9a-f]{32} [0-9a-f]{32}\n");
	}

	@Test
	void areRefusedWhenTheStoreBelongsToAnother() {
		start(this.world.database);
		try (TestDatabase other = TestDatabase.sqlite(this.elsewhere)) {
			refuses(other, "The store belongs to another database");
			// also the second time
			refuses(other, "The store belongs to another database");
			StoreBinding adopted = start(other, "stowage.adopt-store");
			assertThat(adopted.isOurs()).isTrue();
			assertThat(start(other).isOurs()).isTrue();
			refuses(this.world.database, "The store belongs to another database");
		}
	}

	@Test
	void areBoundSilentlyWhenTheStoreHoldsWhatAnOlderVersionPutThere() throws Exception {
		this.world.upload(FileWorld.JSON);
		assertThat(start(this.world.database).isOurs()).isTrue();
	}

	@Test
	void areRefusedWhenTheStoreHoldsNoneOfTheFiles() throws Exception {
		StoredFile file = this.world.upload(FileWorld.JSON);
		engine().store().delete(file.key());
		refuses(this.world.database, "none of the files that this database lists");
		assertThat(start(this.world.database, "stowage.adopt-store").isOurs()).isTrue();
	}

	@Test
	void areRefusedWhenTheIdentityIsGoneUnlessThereAreNoFiles() throws Exception {
		StoreBinding running = start(this.world.database);
		engine().store().delete(ObjectKey.IDENTITY);
		assertThat(start(this.world.database).isOurs()).isTrue();
		this.world.upload(FileWorld.JSON);
		engine().store().delete(ObjectKey.IDENTITY);
		assertThat(running.isOurs()).isFalse();
		refuses(this.world.database, "was emptied, or is another store");
		assertThat(start(this.world.database, "stowage.adopt-store").isOurs()).isTrue();
		assertThat(running.isOurs()).isTrue();
	}

	@Test
	void areComparedLaterWhenTheStoreIsAway() {
		FailingObjectStore store = new FailingObjectStore(engine().store());
		store.fail(Moment.BEFORE, Call.FIND);
		StoreBinding binding = start(this.world.database, store);
		assertThat(binding.isOurs()).isFalse();
		store.heal();
		assertThat(binding.isOurs()).isTrue();
	}

	@ParameterizedTest
	@EnumSource(Moment.class)
	void areBoundByTheNextStartWhenTheFirstWasKilledInBetween(Moment moment) {
		FailingObjectStore store = new FailingObjectStore(engine().store());
		store.fail(moment, Call.PUT);
		start(this.world.database, store);
		assertThat(start(this.world.database).isOurs()).isTrue();
	}

	@Test
	void areToldFromACopyOfTheDatabase() throws Exception {
		StoreBinding original = start(this.world.database);
		try (TestDatabase copy = copy()) {
			StoreBinding early = start(copy);
			move(StoreBinding.WATCH);
			original.tend();
			assertThat(original.isOurs()).isTrue();
			assertThat(early.isOurs()).isFalse();
			early.tend();
			refuses(copy, "was used with a later state of this database");
			assertThat(original.isOurs()).isTrue();
			assertThat(start(copy, "stowage.adopt-store").isOurs()).isTrue();
			assertThat(original.isOurs()).isFalse();
		}
	}

	@Test
	void areWatchedBeforeAnythingIsRemovedAfterAPause() throws Exception {
		StoreBinding original = start(this.world.database);
		try (TestDatabase copy = copy()) {
			move(StoreBinding.WATCH);
			// its word is the latest, but an original would have replaced it by now
			StoreBinding drill = start(copy);
			assertThat(drill.isOurs()).isFalse();
			original.tend();
			move(StoreBinding.WATCH);
			assertThat(drill.isOurs()).isFalse();
			assertThat(original.isOurs()).isTrue();
		}
	}

	@Test
	void areTrustedAgainWhenNobodyElseWasSeen() {
		start(this.world.database);
		move(Duration.ofDays(1));
		StoreBinding restarted = start(this.world.database);
		assertThat(restarted.isOurs()).isFalse();
		move(StoreBinding.WATCH);
		assertThat(restarted.isOurs()).isTrue();
		restarted.tend();
		assertThat(start(this.world.database).isOurs()).isTrue();
	}

	@Test
	void outliveAWordThatWasWrittenLateOrWhoseAnswerWasLost() throws Exception {
		FailingObjectStore store = new FailingObjectStore(engine().store());
		StoreBinding binding = start(this.world.database, store);
		byte[] first = engine().bytes(ObjectKey.IDENTITY);
		move(StoreBinding.WATCH);
		store.fail(Moment.AFTER, Call.PUT);
		binding.tend();
		store.heal();
		assertThat(start(this.world.database).isOurs()).isTrue();
		assertThat(engine().bytes(ObjectKey.IDENTITY)).isNotEqualTo(first);
		engine().store().put(ObjectKey.IDENTITY, new ByteArrayInputStream(first), first.length);
		assertThat(binding.isOurs()).isTrue();
		assertThat(engine().bytes(ObjectKey.IDENTITY)).isNotEqualTo(first);
	}

	@Test
	void areRefusedWhenSomethingElseLiesThere() throws Exception {
		start(this.world.database);
		byte[] other = new byte[10_000];
		engine().store().put(ObjectKey.IDENTITY, new ByteArrayInputStream(other), other.length);
		refuses(this.world.database, "The store belongs to another database");
	}

	private void move(Duration by) {
		this.world.clock.move(by);
	}

	/** The contents of a dump of the database, restored elsewhere. */
	private TestDatabase copy() {
		TestDatabase copy = TestDatabase.sqlite(this.elsewhere);
		this.world.database.jdbc().sql("SELECT * FROM store_identity").query((row) -> {
			copy.jdbc()
				.sql("INSERT INTO store_identity (one, id, word, next_word, previous_word, written_at)"
						+ " VALUES (1, ?, ?, ?, ?, ?)")
				.param(row.getString("id"))
				.param(row.getString("word"))
				.param(row.getString("next_word"))
				.param(row.getString("previous_word"))
				.param(row.getLong("written_at"))
				.update();
		});
		return copy;
	}

}
