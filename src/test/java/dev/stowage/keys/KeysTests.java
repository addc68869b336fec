package dev.stowage.keys;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.stowage.database.TestDatabase;
import dev.stowage.owner.Owner;
import dev.stowage.owner.Scope;
import dev.stowage.support.OnEachBacking;
import dev.stowage.support.TestClock;
import dev.stowage.support.Together;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** The life of a key, on both databases. */
class KeysTests extends OnEachBacking {

	private static final Owner ACME = new Owner("acme");

	private static final Duration DAY = Duration.ofDays(1);

	@TempDir
	Path folder;

	private final TestClock clock = new TestClock();

	private TestDatabase database;

	private KeyRows here;

	private KeyRows elsewhere;

	@BeforeEach
	void open() {
		this.database = TestDatabase.of(this.backing, this.folder);
		this.here = KeyRows.of(this.database, this.clock);
		this.elsewhere = KeyRows.of(this.database, this.clock);
	}

	@AfterEach
	void close() {
		this.database.close();
	}

	private NewKey create(Optional<Instant> expiresAt) {
		return this.here.keys().create(new AskedKey(ACME, Optional.empty(), "app", Set.of(Scope.READ), expiresAt));
	}

	private Optional<String> found(KeyRows instance, NewKey key) {
		return instance.known().find(key.text(), false).map(ManagedKey::id);
	}

	@Test
	void areKnownOnEveryInstance() {
		NewKey key = create(Optional.empty());
		assertThat(this.elsewhere.known().find(key.text(), false)).get().satisfies((found) -> {
			assertThat(found.owner()).isEqualTo(ACME);
			assertThat(found.scopes()).containsExactly(Scope.READ);
			assertThat(found.name()).isEqualTo("app");
		});
		assertThat(this.database.jdbc().sql("SELECT sha256 FROM managed_key").query(String.class).list()).hasSize(1)
			.doesNotContain(key.text());
	}

	@Test
	void openNothingOnceTheyHaveExpired() {
		NewKey key = create(Optional.of(this.clock.instant().plus(DAY)));
		this.clock.move(DAY.minusSeconds(10));
		assertThat(found(this.here, key)).isPresent();
		this.clock.move(Duration.ofSeconds(10));
		assertThatExceptionOfType(KeyRefusedException.class).isThrownBy(() -> found(this.here, key))
			.withMessageContaining("has expired");
	}

	@Test
	void areReplacedWithGrace() {
		NewKey old = create(Optional.empty());
		NewKey next = this.here.keys().rotate(old.key().id(), DAY).orElseThrow();
		assertThat(next.key().scopes()).isEqualTo(old.key().scopes());
		assertThat(found(this.here, old)).isPresent();
		assertThat(found(this.elsewhere, next)).isPresent();
		this.clock.move(DAY);
		assertThatExceptionOfType(KeyRefusedException.class).isThrownBy(() -> found(this.elsewhere, old));
		assertThat(found(this.here, next)).isPresent();
	}

	@Test
	void areNotProlongedByGrace() {
		NewKey old = create(Optional.of(this.clock.instant().plusSeconds(10)));
		this.here.keys().rotate(old.key().id(), DAY);
		this.clock.move(Duration.ofSeconds(10));
		assertThatExceptionOfType(KeyRefusedException.class).isThrownBy(() -> found(this.here, old));
	}

	@Test
	void openNothingHereOnceTheyAreRevoked() {
		NewKey key = create(Optional.empty());
		assertThat(found(this.here, key)).isPresent();
		assertThat(this.here.keys().revoke(key.key().id())).isTrue();
		assertThatExceptionOfType(KeyRefusedException.class).isThrownBy(() -> found(this.here, key))
			.withMessageContaining("was revoked");
		assertThat(this.here.keys().revoke(key.key().id())).isFalse();
		assertThat(this.here.keys().find(key.key().id())).isEmpty();
		assertThat(this.here.keys().list(Optional.of(ACME), "", 10)).isEmpty();
		assertThat(this.here.keys().rotate(key.key().id(), DAY)).isEmpty();
	}

	@Test
	void areMadeOnceByFirstStarts() throws Exception {
		Owner owner = new Owner("default");
		List<Optional<NewKey>> made = Together.run(8,
				() -> KeyRows.of(this.database, this.clock).keys().createFirst(owner));
		assertThat(made).filteredOn(Optional::isPresent).hasSize(1);
		assertThat(this.here.keys().list(Optional.empty(), "", 10)).hasSize(1);
		this.here.keys().revoke(this.here.keys().list(Optional.empty(), "", 10).getFirst().id());
		assertThat(this.here.keys().createFirst(owner)).as("not again").isEmpty();
	}

	@Test
	void areNotMadeByAFirstStartThatFindsSome() {
		create(Optional.empty());
		assertThat(this.here.keys().createFirst(new Owner("default"))).isEmpty();
	}

	@Test
	void tellWhenTheyWereLastUsedAtMostOnceAMinute() {
		NewKey key = create(Optional.empty());
		Instant first = this.clock.instant();
		found(this.here, key);
		this.here.uses().write();
		this.clock.move(Duration.ofSeconds(30));
		found(this.elsewhere, key);
		this.elsewhere.uses().write();
		assertThat(lastUse(key)).isEqualTo(first.getEpochSecond());
		this.clock.move(Duration.ofSeconds(30));
		found(this.elsewhere, key);
		this.elsewhere.uses().write();
		assertThat(lastUse(key)).isEqualTo(first.getEpochSecond() + 60);
	}

	private long lastUse(NewKey key) {
		return this.here.keys().find(key.key().id()).flatMap(ManagedKey::lastUsedAt).orElseThrow().getEpochSecond();
	}

}
