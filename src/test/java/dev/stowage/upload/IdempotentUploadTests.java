package dev.stowage.upload;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;

import dev.stowage.file.FileException;
import dev.stowage.file.Purpose;
import dev.stowage.file.StoredFile;
import dev.stowage.storage.FailingObjectStore;
import dev.stowage.storage.FailingObjectStore.Call;
import dev.stowage.storage.ObjectStoreException;
import dev.stowage.support.Faults;
import dev.stowage.support.FileWorld;
import dev.stowage.support.FileWorld.Upload;
import dev.stowage.support.Generated;
import dev.stowage.support.InFileWorld;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.dao.DataAccessException;

import static dev.stowage.support.FileWorld.ALICE;
import static dev.stowage.support.FileWorld.JSON;
import static dev.stowage.support.FileWorld.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Repeated uploads, also where store and database fail: one file for each key. */
class IdempotentUploadTests extends InFileWorld {

	private static final Optional<IdempotencyKey> KEY = Optional.of(new IdempotencyKey("k"));

	@Test
	void storesARepeatedUploadOnce() throws IOException {
		Created<StoredFile> first = upload(new Upload(bytes("hello")));
		Created<StoredFile> again = upload(new Upload(bytes("hello")));
		assertThat(first.isReplay()).isFalse();
		assertThat(again).isEqualTo(new Created<>(first.value(), true));
		assertThat(this.world.store.calls(Call.PUT)).hasSize(1);
		this.world.requireNothingButListed();
		assertThat(this.world.listed()).containsExactly(first.value());
	}

	@Test
	void answersARepeatWithoutTheStore() throws IOException {
		Created<StoredFile> first = upload(new Upload(bytes("hello")));
		for (Call call : Call.values()) {
			this.world.store.fail(FailingObjectStore.Moment.BEFORE, call);
		}
		assertThat(upload(new Upload(bytes("hello"))).value()).isEqualTo(first.value());
	}

	@Test
	void refusesWhatDiffers() throws IOException {
		Created<StoredFile> first = upload(new Upload(bytes("hello")));
		assertReused(new Upload(bytes("hellO")));
		assertReused(new Upload(bytes("hello ")));
		assertReused(new Upload(bytes("hell")));
		assertReused(new Upload(bytes("hello")).as(Purpose.VISION));
		assertReused(new Upload(bytes("hello")).lasting(Duration.ofHours(2)));
		assertThat(upload(new Upload(bytes("hello"))).value()).isEqualTo(first.value());
		assertThat(this.world.listed()).containsExactly(first.value());
	}

	private void assertReused(Upload other) {
		assertThatExceptionOfType(FileException.KeyReused.class).isThrownBy(() -> upload(other));
	}

	@Test
	void hasTheLimitsOfTheFirstUpload() throws IOException {
		try (FileWorld small = world(Map.of("stowage.max-file-size", "5"))) {
			small.service.upload(ALICE, KEY, () -> new Upload(bytes("hello")));
			assertThatExceptionOfType(FileException.OverLimit.class)
				.isThrownBy(() -> small.service.upload(ALICE, KEY, () -> new Upload(bytes("hello!"))));
			assertThatExceptionOfType(FileException.InvalidParameter.class)
				.isThrownBy(() -> small.service.upload(ALICE, KEY, () -> new Upload(bytes(""))))
				.withMessageContaining("The file is empty");
		}
	}

	@Test
	void isRefusedWhileTheFirstIsInProgress() throws IOException {
		AtomicReference<Throwable> refused = new AtomicReference<>();
		InputStream slow = new Generated(100, 10, (position) -> {
			try {
				upload(() -> {
					throw new AssertionError("The body is not read");
				});
			}
			catch (FileException.KeyInUse | IOException ex) {
				refused.set(ex);
			}
		});
		upload(new Upload(slow));
		assertThat(refused.get()).isInstanceOf(FileException.KeyInUse.class);
		assertThat(this.world.listed()).hasSize(1);
	}

	@Test
	void isFreedByAFormThatCannotBeRead() throws IOException {
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> upload(() -> {
			throw new IOException("The client vanished");
		}));
		assertThatExceptionOfType(FileException.TooLarge.class)
			.isThrownBy(() -> upload(new Upload(bytes("hello")).refused(new FileException.TooLarge())));
		assertStoresNextUpload();
	}

	@ParameterizedTest
	@EnumSource
	void isFreedByAStoreThatFails(FailingObjectStore.Moment moment) throws IOException {
		this.world.store.fail(moment, Call.PUT);
		assertThatExceptionOfType(ObjectStoreException.class).isThrownBy(() -> upload(new Upload(bytes("hello"))));
		assertStoresNextUpload();
	}

	@ParameterizedTest
	@CsvSource({ "BEFORE, add with key", "AFTER, add with key", "BEFORE, complete with key" })
	void isFreedByADatabaseThatFails(Faults.Moment moment, String method) throws IOException {
		this.world.faults.fail(moment, method);
		assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> upload(new Upload(bytes("hello"))));
		assertThat(this.world.listed()).isEmpty();
		assertStoresNextUpload();
	}

	/** A repeat may have been answered with the file in the meantime. */
	@Test
	void keepsAFileWhoseCompletionWasNotConfirmed() throws IOException {
		this.world.faults.fail(Faults.Moment.AFTER, "complete with key");
		assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> upload(new Upload(bytes("hello"))));
		assertThat(this.world.listed()).hasSize(1);
		this.world.faults.heal();
		Created<StoredFile> again = upload(new Upload(bytes("hello")));
		assertThat(again.isReplay()).isTrue();
		this.world.requireNothingButListed();
		assertThat(this.world.listed()).containsExactly(again.value());
		assertThat(this.world.served(again.value())).isEqualTo(bytes("hello"));
	}

	@Test
	void isFreedByTheSweeperIfTheUploadCannotBeMarkedAsFailed() throws IOException {
		leaveTheKeyOfAFailedUpload();
		assertStoresNextUpload();
	}

	@ParameterizedTest
	@EnumSource
	void isFreedByADatabaseThatFailsWhenItIsTakenOver(Faults.Moment moment) throws IOException {
		leaveTheKeyOfAFailedUpload();
		this.world.faults.fail(moment, "claim key");
		assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> upload(new Upload(bytes("hello"))));
		assertThat(this.world.listed()).isEmpty();
		assertStoresNextUpload();
	}

	private void leaveTheKeyOfAFailedUpload() {
		this.world.faults.fail(Faults.Moment.BEFORE, "abandon");
		this.world.store.fail(FailingObjectStore.Moment.BEFORE, Call.PUT);
		assertThatExceptionOfType(ObjectStoreException.class).isThrownBy(() -> upload(new Upload(bytes("hello"))));
		this.world.faults.heal();
		this.world.store.heal();
		assertThatExceptionOfType(FileException.KeyInUse.class).isThrownBy(() -> upload(new Upload(bytes("hello"))));
		this.world.clock.move(Duration.ofMinutes(10));
		this.world.sweeper.sweep();
	}

	@Test
	void goesToTheNextUploadWhenTheFirstHasLostItsLease() throws IOException {
		AtomicReference<StoredFile> next = new AtomicReference<>();
		InputStream slow = new Generated(100, 10, (position) -> {
			if (position > 50 && next.get() == null) {
				this.world.clock.move(Duration.ofMinutes(10));
				this.world.sweeper.sweep();
				next.set(upload(new Upload(bytes("hello"))).value());
			}
		});
		assertThatExceptionOfType(FileException.LeaseLost.class).isThrownBy(() -> upload(new Upload(slow)));
		assertThat(upload(new Upload(bytes("hello")))).isEqualTo(new Created<>(next.get(), true));
		this.world.requireNothingButListed();
		assertThat(this.world.listed()).containsExactly(next.get());
	}

	private void assertStoresNextUpload() throws IOException {
		this.world.store.heal();
		this.world.faults.heal();
		Created<StoredFile> next = upload(new Upload(new ByteArrayInputStream(bytes("another"))));
		assertThat(next.isReplay()).isFalse();
		this.world.requireNothingButListed();
		assertThat(this.world.listed()).containsExactly(next.value());
	}

	@Test
	void signsAFreshUrlForTheSameGrant() {
		UploadGrant first = grant("data.json").value();
		this.world.clock.move(Duration.ofMinutes(65));
		Created<UploadGrant> again = grant("data.json");
		assertThat(again.isReplay()).isTrue();
		assertThat(again.value().file()).isEqualTo(first.file());
		assertThat(again.value().put().validity()).isEqualTo(first.put().validity());
		// the first URL's time is over, the second one's is not
		this.world.clock.move(Duration.ofMinutes(8));
		this.world.sweeper.sweep();
		assertThatExceptionOfType(FileException.NotUploaded.class).isThrownBy(() -> this.world.complete(first))
			.withMessageContaining("PUT the bytes to its upload_url, then complete it.");
		this.world.send(again.value(), JSON);
		this.world.clock.move(Duration.ofMinutes(60));
		this.world.sweeper.sweep();
		StoredFile file = this.world.complete(first);
		this.world.requireNothingButListed();
		assertThat(this.world.listed()).containsExactly(file);
	}

	@Test
	void saysThatTheLastUrlOfAGrantHasEnded() {
		UploadGrant first = grant("data.json").value();
		this.world.clock.move(Duration.ofMinutes(9));
		grant("data.json");
		this.world.clock.move(Duration.ofMinutes(11));
		assertThatExceptionOfType(FileException.NotUploaded.class).isThrownBy(() -> this.world.complete(first))
			.withMessageContaining("its upload_url has ended");
	}

	@Test
	void repeatsAGrantWhereNoFurtherOneIsAllowed() {
		try (FileWorld small = world(Map.of("stowage.max-pending", "1"))) {
			UploadGrant first = small.service
				.grant(ALICE, KEY, "data.json", Purpose.CONTEXT, OptionalLong.empty(), Optional.empty())
				.value();
			for (int i = 0; i < 3; i++) {
				assertThat(small.service
					.grant(ALICE, KEY, "data.json", Purpose.CONTEXT, OptionalLong.empty(), Optional.empty())
					.value()
					.file()).isEqualTo(first.file());
				assertThatExceptionOfType(FileException.TooManyPending.class)
					.isThrownBy(() -> small.service.grant(ALICE, Optional.of(new IdempotencyKey("other")), "data.json",
							Purpose.CONTEXT, OptionalLong.empty(), Optional.empty()));
			}
			assertThat(small.database.jdbc().sql("SELECT key FROM idempotency_key").query(String.class).list())
				.containsExactly("k");
		}
	}

	@Test
	void refusesAGrantThatDiffersOrIsNoLongerPending() {
		UploadGrant first = grant("data.json").value();
		assertThatExceptionOfType(FileException.KeyReused.class).isThrownBy(() -> grant("other.json"));
		assertThatExceptionOfType(FileException.KeyReused.class).isThrownBy(() -> this.world.service.grant(ALICE, KEY,
				"data.json", Purpose.BATCH, OptionalLong.empty(), Optional.empty()));
		assertReused(new Upload(bytes("hello")));
		this.world.send(first, JSON);
		StoredFile file = this.world.complete(first);
		assertThatExceptionOfType(FileException.AlreadyCompleted.class).isThrownBy(() -> grant("data.json"))
			.withMessageContaining(file.id().value());
		this.world.files.delete(ALICE, file.id());
		assertThatExceptionOfType(FileException.AlreadyCompleted.class).isThrownBy(() -> grant("data.json"));
		this.world.settle();
		assertThatExceptionOfType(FileException.AlreadyCompleted.class).isThrownBy(() -> grant("data.json"));
	}

	@Test
	void isFreedByAGrantThatWasDeletedOrSwept() {
		UploadGrant first = grant("data.json").value();
		this.world.files.delete(ALICE, first.file().id());
		Created<UploadGrant> second = grant("other.json");
		assertThat(second.isReplay()).isFalse();
		this.world.clock.move(Duration.ofMinutes(71));
		this.world.sweeper.sweep();
		Created<UploadGrant> third = grant("third.json");
		assertThat(third.isReplay()).isFalse();
		assertThat(third.value().file().id()).isNotEqualTo(second.value().file().id());
	}

	private Created<StoredFile> upload(Upload upload) throws IOException {
		return upload(() -> upload);
	}

	private Created<StoredFile> upload(IncomingFile.Source source) throws IOException {
		return this.world.service.upload(ALICE, KEY, source);
	}

	private Created<UploadGrant> grant(String filename) {
		return this.world.service.grant(ALICE, KEY, filename, Purpose.CONTEXT, OptionalLong.empty(), Optional.empty());
	}

}
