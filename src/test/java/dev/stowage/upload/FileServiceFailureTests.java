package dev.stowage.upload;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import dev.stowage.file.FileException;
import dev.stowage.file.PromptRemoval;
import dev.stowage.file.StoredFile;
import dev.stowage.storage.FailingObjectStore;
import dev.stowage.storage.FailingObjectStore.Call;
import dev.stowage.storage.ObjectStoreException;
import dev.stowage.support.Faults;
import dev.stowage.support.FileWorld;
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

/**
 * The store and the database fail at every step, before and after the requested change:
 * no file is incomplete, and after the sweep only listed files are left.
 */
class FileServiceFailureTests extends InFileWorld {

	@ParameterizedTest
	@EnumSource
	void keepsNothingOfAnUploadWhoseBytesFail(FailingObjectStore.Moment moment) throws IOException {
		this.world.store.fail(moment, Call.PUT);
		assertThatExceptionOfType(ObjectStoreException.class).isThrownBy(() -> this.world.upload(bytes("hello")));
		assertThat(this.world.listed()).isEmpty();
		this.world.store.heal();
		this.world.sweeper.sweep();
		this.world.requireObjects();
		StoredFile next = this.world.upload(bytes("hello"));
		this.world.requireNothingButListed();
		assertThat(this.world.listed()).containsExactly(next);
	}

	@ParameterizedTest
	@CsvSource({ "BEFORE, addMultipart", "AFTER, addMultipart", "BEFORE, completeMultipart",
			"AFTER, completeMultipart" })
	void keepsNothingOfAnUploadWhoseRowFails(Faults.Moment moment, String method) throws IOException {
		this.world.faults.fail(moment, method);
		assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> this.world.upload(bytes("hello")));
		assertThat(this.world.listed()).isEmpty();
		this.world.faults.heal();
		StoredFile next = this.world.upload(bytes("hello"));
		this.world.requireNothingButListed();
		assertThat(this.world.listed()).containsExactly(next);
	}

	@ParameterizedTest
	@EnumSource
	void keepsNothingOfAnUploadThatCannotEvenBeGivenUp(Faults.Moment moment) {
		this.world.faults.fail(moment, "abandon");
		this.world.faults.fail(Faults.Moment.BEFORE, "completeMultipart");
		assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> this.world.upload(bytes("hello")))
			.withMessage("A test made completeMultipart fail");
		assertThat(this.world.listed()).isEmpty();
		assertThat(this.world.database.rows()).isOne();
		this.world.requireNothingButListed();
		this.world.requireObjects();
	}

	@ParameterizedTest
	@EnumSource
	void outlivesADatabaseThatIsAwayWhenLeasesAreRenewed(Faults.Moment moment) throws IOException {
		this.world.faults.fail(moment, "renew");
		Generated slow = new Generated(100, 10, (position) -> {
			this.world.clock.move(Duration.ofMinutes(2));
			this.world.leases.renew();
			this.world.faults.heal();
		});
		StoredFile file = this.world.upload(new FileWorld.Upload(slow));
		this.world.requireNothingButListed();
		assertThat(this.world.listed()).containsExactly(file);
	}

	@ParameterizedTest
	@EnumSource
	void keepsNothingOfAGrantThatCannotBeSigned(FailingObjectStore.Moment moment) {
		this.world.store.fail(moment, Call.SIGN_PUT);
		assertThatExceptionOfType(ObjectStoreException.class).isThrownBy(() -> this.world.grant());
		assertThat(this.world.database.rows()).isZero();
	}

	@ParameterizedTest
	@EnumSource
	void keepsNothingOfAGrantWhoseRowFails(Faults.Moment moment) {
		this.world.faults.fail(moment, "addPresigned");
		assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> this.world.grant());
		assertThat(this.world.listed()).isEmpty();
		this.world.requireNothingButListed();
	}

	@ParameterizedTest
	@CsvSource({ "BEFORE, FIND", "AFTER, FIND", "BEFORE, OPEN", "AFTER, OPEN", "BEFORE, COPY", "AFTER, COPY" })
	void staysPendingWhenTheStoreFailsAndCompletesWhenItIsBack(FailingObjectStore.Moment moment, Call call)
			throws IOException {
		UploadGrant grant = this.world.sent(JSON);
		this.world.store.fail(moment, call);
		assertThatExceptionOfType(ObjectStoreException.class).isThrownBy(() -> this.world.complete(grant));
		assertThat(this.world.files.get(ALICE, grant.file().id())).isEqualTo(grant.file());
		assertThat(this.world.listed()).isEmpty();
		this.world.store.heal();
		assertThat(this.world.served(this.world.complete(grant))).isEqualTo(JSON);
		this.world.requireNothingButListed();
		assertThat(this.world.listed()).hasSize(1);
	}

	@ParameterizedTest
	@CsvSource({ "BEFORE, FIND", "AFTER, FIND", "BEFORE, OPEN", "AFTER, OPEN", "BEFORE, COPY", "AFTER, COPY" })
	void keepsNothingOfACompletionThatFailedForGood(FailingObjectStore.Moment moment, Call call) {
		UploadGrant grant = this.world.sent(JSON);
		this.world.store.fail(moment, call);
		assertThatExceptionOfType(ObjectStoreException.class).isThrownBy(() -> this.world.complete(grant));
		this.world.requireNothingButListed();
		this.world.requireObjects();
	}

	@ParameterizedTest
	@CsvSource({ "BEFORE, find", "AFTER, find", "BEFORE, nameCopy", "AFTER, nameCopy", "BEFORE, completeClaimed" })
	void staysPendingWhenTheDatabaseFailsAndCompletesWhenItIsBack(Faults.Moment moment, String method)
			throws IOException {
		UploadGrant grant = this.world.sent(JSON);
		this.world.faults.fail(moment, method);
		assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> this.world.complete(grant));
		this.world.faults.heal();
		assertThat(this.world.files.get(ALICE, grant.file().id())).isEqualTo(grant.file());
		StoredFile file = this.world.complete(grant);
		this.world.requireNothingButListed();
		assertThat(this.world.served(file)).isEqualTo(JSON);
	}

	@Test
	void isWholeWhenOnlyTheAnswerOfTheDatabaseWasLost() throws IOException {
		UploadGrant grant = this.world.sent(JSON);
		this.world.faults.fail(Faults.Moment.AFTER, "completeClaimed");
		assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> this.world.complete(grant));
		this.world.faults.heal();
		assertThatExceptionOfType(FileException.AlreadyCompleted.class).isThrownBy(() -> this.world.complete(grant));
		this.world.requireNothingButListed();
		assertThat(this.world.served(this.world.listed().getFirst())).isEqualTo(JSON);
	}

	@ParameterizedTest
	@EnumSource
	void keepsAFileThatCannotBeOpenedForNow(FailingObjectStore.Moment moment) throws IOException {
		StoredFile file = this.world.upload(bytes("hello"));
		this.world.store.fail(moment, Call.OPEN_RANGE);
		assertThatExceptionOfType(ObjectStoreException.class).isThrownBy(() -> this.world.served(file));
		this.world.store.heal();
		assertThat(this.world.served(file)).isEqualTo(bytes("hello"));
	}

	@Test
	void deletesThoughTheStoreIsAway() throws IOException {
		StoredFile file = this.world.upload(bytes("hello"));
		for (Call call : Call.values()) {
			this.world.store.fail(FailingObjectStore.Moment.BEFORE, call);
		}
		this.world.files.delete(ALICE, file.id());
		this.world.sweeper.sweep();
		assertThatExceptionOfType(FileException.NotFound.class)
			.isThrownBy(() -> this.world.files.get(ALICE, file.id()));
		this.world.requireNothingButListed();
		this.world.requireObjects();
	}

	@Test
	void deletesThoughTheStoreIsSilent() throws Exception {
		CountDownLatch end = new CountDownLatch(1);
		this.world.store.run(FailingObjectStore.Moment.BEFORE, Call.DELETE, 0, (key) -> await(end));
		List<StoredFile> files = new ArrayList<>();
		for (int i = 0; i < 2 * PromptRemoval.AT_ONCE; i++) {
			files.add(this.world.upload(bytes("hello")));
		}
		try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
			files.stream()
				.map((file) -> clients.submit(() -> this.world.files.delete(ALICE, file.id())))
				.toList()
				.forEach((call) -> assertThat(call).succeedsWithin(Duration.ofSeconds(10)));
		}
		assertThat(this.world.store.calls(Call.DELETE)).hasSize(PromptRemoval.AT_ONCE);
		assertThat(this.world.listed()).isEmpty();
		end.countDown();
		this.world.requireNothingButListed();
	}

	private static void await(CountDownLatch end) {
		try {
			end.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Test
	void keepsAFileWhoseDeletionDidNotReachTheDatabase() throws IOException {
		StoredFile file = this.world.upload(bytes("hello"));
		this.world.faults.fail(Faults.Moment.BEFORE, "delete");
		assertThatExceptionOfType(DataAccessException.class)
			.isThrownBy(() -> this.world.files.delete(ALICE, file.id()));
		this.world.requireNothingButListed();
		assertThat(this.world.served(file)).isEqualTo(bytes("hello"));
	}

}
