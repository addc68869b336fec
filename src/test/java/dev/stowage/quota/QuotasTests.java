package dev.stowage.quota;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

import dev.stowage.file.FileName;
import dev.stowage.file.Purpose;
import dev.stowage.file.StoredFile;
import dev.stowage.owner.Limits;
import dev.stowage.support.FileWorld.Upload;
import dev.stowage.support.InFileWorld;
import dev.stowage.support.Leftovers;
import dev.stowage.upload.IdempotencyKey;
import dev.stowage.upload.IncomingFile;
import dev.stowage.upload.NewFile;
import dev.stowage.upload.UploadGrant;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static dev.stowage.support.FileWorld.ALICE;
import static dev.stowage.support.FileWorld.BOB;
import static dev.stowage.support.FileWorld.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What owners may have, in every way in which files come and go, on both databases. */
class QuotasTests extends InFileWorld {

	private static final OptionalLong NONE = OptionalLong.empty();

	private static final NewFile FILE = new NewFile(FileName.of("a.txt"), "text/plain", Purpose.USER_DATA,
			Optional.empty());

	private QuotaRows rows;

	private Quotas quotas;

	@BeforeEach
	void open() {
		this.rows = new QuotaRows(this.world.database, this.world.clock);
		this.quotas = this.rows.quotas();
	}

	@AfterEach
	void requireCounted() {
		Leftovers.requireCounted(this.world.database.jdbc());
	}

	private void allow(long files, long bytes) {
		this.quotas.change(ALICE, (own) -> own.with(new Quota(OptionalLong.of(files), OptionalLong.of(bytes), NONE)));
	}

	private void requireHas(long files, long bytes) {
		assertThat(this.quotas.usage(ALICE)).isEqualTo(new Usage(files, bytes));
	}

	private static void requireRefused(ThrowingCallable request, long asked) {
		assertThatExceptionOfType(QuotaException.class).isThrownBy(request).satisfies((ex) -> {
			assertThat(ex.asked()).isEqualTo(asked);
			assertThat(ex.isForSize()).isFalse();
		});
	}

	@Test
	void haveRoomForExactlyAsManyFilesAndBytes() throws IOException {
		allow(3, 10);
		this.world.upload(bytes("hello"));
		this.world.upload(bytes("12345"));
		requireRefused(() -> this.world.upload(bytes("1")), 1);
		requireHas(2, 10);
		allow(3, 11);
		this.world.upload(bytes("1"));
		requireHas(3, 11);
		allow(3, 100);
		requireRefused(() -> this.world.upload(bytes("1")), 0);
		assertThat(this.world.listed()).hasSize(3);
		this.world.requireNothingButListed();
	}

	@Test
	void areEachOwnersOwn() throws IOException {
		allow(0, 0);
		requireRefused(() -> this.world.upload(bytes("1")), 0);
		this.world.service.upload(BOB, Optional.empty(), () -> new Upload(bytes("1")));
		assertThat(this.quotas.usage(BOB)).isEqualTo(new Usage(1, 1));
	}

	@Test
	void areThoseOfTheSettingsForOwnersWithoutTheirOwn() throws IOException {
		this.rows.setUsual(new Quota(OptionalLong.of(1), OptionalLong.of(5), NONE));
		this.rows.setUsual(new Quota(OptionalLong.of(1), OptionalLong.of(5), NONE));
		requireRefused(() -> this.world.upload(bytes("123456")), 6);
		this.world.upload(bytes("12345"));
		requireRefused(() -> this.world.upload(bytes("1")), 0);
		allow(2, 6);
		this.world.upload(bytes("1"));
		assertThat(this.quotas.of(ALICE)).isEqualTo(new Quota(OptionalLong.of(2), OptionalLong.of(6), NONE));
		assertThat(this.quotas.of(BOB)).isEqualTo(new Quota(OptionalLong.of(1), OptionalLong.of(5), NONE));
		this.rows.setUsual(Quota.NONE);
		assertThat(this.quotas.of(BOB)).isEqualTo(Quota.NONE);
	}

	/** Before its bytes are read, where the head of the request says how many come. */
	@Test
	void refuseAnUploadBeforeItIsRead() {
		allow(5, 100);
		IncomingFile.Source source = new IncomingFile.Source() {

			@Override
			public IncomingFile open() {
				throw new AssertionError("It was read");
			}

			@Override
			public long leastBytes() {
				return 101;
			}

		};
		requireRefused(() -> this.world.service.upload(ALICE, Optional.of(new IdempotencyKey("k")), source), 101);
		requireHas(0, 0);
	}

	@Test
	void getRoomBackFromDeletedExpiredAndFailedFiles() throws IOException {
		allow(2, 10);
		StoredFile deleted = this.world.upload(bytes("12345"));
		this.world.files.delete(ALICE, deleted.id());
		requireHas(0, 0);
		this.world.upload(new Upload(bytes("12345")).lasting(Duration.ofHours(1)));
		assertThatExceptionOfType(IllegalStateException.class)
			.isThrownBy(() -> this.world.upload(new Upload(bytes("12345")).refused(new IllegalStateException())));
		requireHas(1, 5);
		this.world.clock.move(Duration.ofHours(2));
		this.world.sweeper.sweep();
		requireHas(0, 0);
		this.world.requireNothingButListed();
	}

	@Test
	void countAGrantWithItsDeclaredSize() {
		allow(2, 40);
		this.world.service.grant(ALICE, Optional.empty(), "a.json", Purpose.CONTEXT, OptionalLong.of(30),
				Optional.empty());
		requireHas(1, 30);
		requireRefused(() -> this.world.service.grant(ALICE, Optional.empty(), "a.json", Purpose.CONTEXT,
				OptionalLong.of(11), Optional.empty()), 11);
		UploadGrant grant = this.world.grant();
		requireHas(2, 30);
		requireRefused(this.world::grant, 0);
		this.world.files.delete(ALICE, grant.file().id());
		requireHas(1, 30);
	}

	/** It stays pending, so nothing has to be sent again. */
	@Test
	void letAGrantBeCompletedOnceThereIsRoom() {
		allow(2, 15);
		UploadGrant grant = this.world.sent(bytes("{\"a\": [1, 2, 3]}"));
		requireRefused(() -> this.world.complete(grant), 16);
		requireHas(1, 0);
		allow(2, 16);
		this.world.complete(grant);
		requireHas(1, 16);
		this.world.requireNothingButListed();
	}

	@Test
	void countUploadsInPartsWithTheirDeclaredSize() {
		allow(2, 100);
		this.world.uploads.create(ALICE, Optional.empty(), FILE, 60);
		requireHas(1, 60);
		requireRefused(() -> this.world.uploads.create(ALICE, Optional.empty(), FILE, 41), 41);
		this.world.presignedParts.grant(ALICE, Optional.empty(), "a.json", Purpose.CONTEXT, 40, Optional.empty());
		requireHas(2, 100);
		this.world.clock.move(Duration.ofDays(3));
		this.world.sweeper.sweep();
		requireHas(0, 0);
	}

	@Test
	void countUploadsThatContinueAsSoonAsTheirLengthIsKnown() {
		allow(2, 100);
		this.world.appended.uploads()
			.create(ALICE, Optional.empty(), FILE, OptionalLong.of(60), Optional.empty(), Optional.empty());
		this.world.appended.uploads()
			.create(ALICE, Optional.empty(), FILE, OptionalLong.empty(), Optional.empty(), Optional.empty());
		requireHas(2, 60);
		requireRefused(
				() -> this.world.appended.uploads()
					.create(ALICE, Optional.empty(), FILE, OptionalLong.of(41), Optional.empty(), Optional.empty()),
				41);
	}

	@Test
	void limitTheSizeOfAFile() throws IOException {
		this.quotas.change(ALICE, (own) -> own.with(new Quota(NONE, NONE, OptionalLong.of(5))));
		this.world.upload(bytes("12345"));
		assertThatExceptionOfType(QuotaException.class).isThrownBy(() -> this.world.upload(bytes("123456")))
			.matches(QuotaException::isForSize);
		assertThatExceptionOfType(QuotaException.class)
			.isThrownBy(() -> this.world.uploads.create(ALICE, Optional.empty(), FILE, 6))
			.matches(QuotaException::isForSize);
		requireHas(1, 5);
	}

	/** What is there stays, and can be read and deleted. */
	@Test
	void mayBeLoweredBelowWhatThereIs() throws IOException {
		StoredFile file = this.world.upload(bytes("12345"));
		UploadGrant grant = this.world.sent(bytes("[]"));
		allow(1, 3);
		assertThat(this.world.served(file)).isEqualTo(bytes("12345"));
		requireRefused(() -> this.world.complete(grant), 2);
		this.world.files.delete(ALICE, file.id());
		this.world.complete(grant);
		requireHas(1, 2);
	}

	@Test
	void countByPurpose() throws IOException {
		this.world.upload(new Upload(bytes("123")).as(Purpose.VISION));
		this.world.upload(new Upload(bytes("12")).as(Purpose.VISION));
		this.world.upload(new Upload(bytes("1")).as(Purpose.EVALS));
		this.world.grant();
		assertThat(this.quotas.usageByPurpose(ALICE)).containsExactly(new PurposeUsage("evals", 1, 1),
				new PurposeUsage("vision", 2, 5));
	}

	/** Also limits that only rows have, and those that an owner no longer has. */
	@Test
	void tellOtherInstancesWhatAnOwnerMayAskFor() {
		Limits usual = new Limits(10, 2);
		QuotaRows other = new QuotaRows(this.world.database, this.world.clock);
		other.known().look();
		this.quotas.change(ALICE, (own) -> own.with(OptionalInt.of(7), OptionalInt.empty()));
		assertThat(this.rows.known().of(ALICE, usual)).isEqualTo(new Limits(7, 2));
		assertThat(other.known().of(ALICE, usual)).isEqualTo(usual);
		other.known().look();
		assertThat(other.known().of(ALICE, usual)).isEqualTo(new Limits(7, 2));
		this.world.clock.move(Duration.ofHours(1));
		other.known().look();
		other.quotas().change(ALICE, (own) -> own.with(OptionalInt.empty(), OptionalInt.empty()));
		this.rows.known().look();
		assertThat(this.rows.known().of(ALICE, usual)).isEqualTo(usual);
		assertThat(this.rows.known().of(BOB, usual)).isEqualTo(usual);
	}

	@Test
	void tellOtherInstancesHoweverFarTheirClocksAreApart() {
		Limits usual = new Limits(10, 2);
		QuotaRows ahead = new QuotaRows(this.world.database, Clock.offset(this.world.clock, Duration.ofHours(3)));
		QuotaRows behind = new QuotaRows(this.world.database, Clock.offset(this.world.clock, Duration.ofDays(-3)));
		for (int limit = 3; limit < 9; limit++) {
			QuotaRows changing = List.of(ahead, behind, this.rows).get(limit % 3);
			int requests = limit;
			changing.quotas().change(ALICE, (own) -> own.with(OptionalInt.of(requests), OptionalInt.empty()));
			for (QuotaRows other : List.of(ahead, behind, this.rows)) {
				other.known().look();
				assertThat(other.known().of(ALICE, usual)).isEqualTo(new Limits(requests, 2));
			}
		}
	}

	@Test
	void surviveARepeatedRequest() throws IOException {
		allow(1, 5);
		IdempotencyKey key = new IdempotencyKey("k");
		StoredFile first = this.world.service.upload(ALICE, Optional.of(key), () -> new Upload(bytes("12345"))).value();
		assertThat(this.world.service.upload(ALICE, Optional.of(key), () -> new Upload(bytes("12345"))).value())
			.isEqualTo(first);
		requireRefused(() -> this.world.service.upload(ALICE, Optional.of(new IdempotencyKey("l")),
				() -> new Upload(bytes("1"))), 0);
		requireHas(1, 5);
		assertThat(this.world.database.jdbc().sql("SELECT key FROM idempotency_key").query(String.class).list())
			.containsExactly("k");
		assertThat(world(Map.of()).listed()).hasSize(1);
	}

}
