package dev.stowage.upload;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

import dev.stowage.file.FileException;
import dev.stowage.file.FileId;
import dev.stowage.file.FileQuery;
import dev.stowage.file.FileStatus;
import dev.stowage.file.Purpose;
import dev.stowage.file.StoredFile;
import dev.stowage.file.UploadMethod;
import dev.stowage.settings.InvalidSettingException;
import dev.stowage.support.FileWorld;
import dev.stowage.support.FileWorld.Upload;
import dev.stowage.support.Generated;
import dev.stowage.support.InFileWorld;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.stowage.support.FileWorld.ALICE;
import static dev.stowage.support.FileWorld.BOB;
import static dev.stowage.support.FileWorld.JSON;
import static dev.stowage.support.FileWorld.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** The life of files when nothing fails: uploads, limits, expiry, reading, deleting. */
class FileServiceTests extends InFileWorld {

	private static final long MEBIBYTE = 1024 * 1024;

	@Test
	void storesAnUploadUnderOneKeyAndServesIt() throws IOException {
		StoredFile file = this.world.upload(bytes("hello"));
		assertThat(file.status()).isEqualTo(FileStatus.AVAILABLE);
		assertThat(file.method()).isEqualTo(UploadMethod.MULTIPART);
		assertThat(file.bytes()).isEqualTo(5);
		assertThat(file.createdAt()).isEqualTo("2026-03-01T10:00:00Z");
		assertThat(this.world.listed()).containsExactly(file);
		assertThat(this.world.files.get(ALICE, file.id())).isEqualTo(file);
		assertThat(this.world.served(file)).isEqualTo(bytes("hello"));
		this.world.requireObjects(file.key());
		this.world.requireNothingButListed();
		assertThat(this.world.listed()).containsExactly(file);
	}

	@Test
	void opensTheRangeThatIsAskedFor() throws IOException {
		StoredFile file = this.world.upload(bytes("0123456789"));
		try (InputStream range = this.world.files.open(file, 2, 5)) {
			assertThat(range.readAllBytes()).isEqualTo(bytes("23456"));
		}
	}

	@Test
	void saysThatTheContentIsDamagedWhenItsBytesAreMissing() throws IOException {
		StoredFile file = this.world.upload(bytes("hello"));
		engine().store().delete(file.key());
		assertThatExceptionOfType(FileException.Damaged.class)
			.isThrownBy(() -> this.world.files.open(file, 0, file.bytes()));
		assertThatExceptionOfType(FileException.Damaged.class).isThrownBy(() -> this.world.files.open(file, 1, 1));
		assertThatExceptionOfType(FileException.Damaged.class).isThrownBy(() -> this.world.files.requireContent(file));
	}

	@Test
	void aFileThatWasDeletedWhileItWasOpenedIsNotDamaged() throws IOException {
		StoredFile file = this.world.upload(bytes("hello"));
		this.world.files.delete(file.owner(), file.id());
		engine().store().delete(file.key());
		assertThatExceptionOfType(FileException.NotFound.class)
			.isThrownBy(() -> this.world.files.open(file, 0, file.bytes()));
		assertThatExceptionOfType(FileException.NotFound.class).isThrownBy(() -> this.world.files.requireContent(file));
	}

	@Test
	void readsAFileWhoseChecksumIsNotKnown() throws Exception {
		StoredFile file = this.world.upload(bytes("hello"));
		StoredFile old = new StoredFile(file.id(), file.owner(), file.method(), file.status(), file.purpose(),
				file.name(), file.contentType(), file.bytes(), file.createdAt(), file.expiresAt(), file.key(),
				OptionalLong.empty());
		engine().store().put(file.key(), new ByteArrayInputStream(bytes("HELLO")), 5);
		try (InputStream content = this.world.files.open(old, 0, 5)) {
			assertThat(content.readAllBytes()).isEqualTo(bytes("HELLO"));
		}
	}

	@Test
	void showsAFileToNobodyButItsOwner() throws IOException {
		FileId uploaded = this.world.upload(bytes("hello")).id();
		FileId granted = this.world.sent(JSON).file().id();
		for (FileId id : new FileId[] { uploaded, granted, FileId.createdAt(Instant.EPOCH) }) {
			String message = "No such File object: " + id;
			assertThatExceptionOfType(FileException.NotFound.class).isThrownBy(() -> this.world.files.get(BOB, id))
				.withMessage(message);
			assertThatExceptionOfType(FileException.NotFound.class)
				.isThrownBy(() -> this.world.files.getAvailable(BOB, id))
				.withMessage(message);
			assertThatExceptionOfType(FileException.NotFound.class)
				.isThrownBy(() -> this.world.service.complete(BOB, id))
				.withMessage(message);
			assertThatExceptionOfType(FileException.NotFound.class).isThrownBy(() -> this.world.files.delete(BOB, id))
				.withMessage(message);
		}
		assertThat(this.world.listed()).hasSize(1);
	}

	@Test
	void removesTheBytesOfADeletedFileAtOnce() throws IOException {
		StoredFile uploaded = this.world.upload(bytes("hello"));
		StoredFile completed = this.world.complete(this.world.sent(JSON));
		this.world.files.delete(ALICE, uploaded.id());
		this.world.files.delete(ALICE, completed.id());
		assertThat(engine().store().find(uploaded.key())).isEmpty();
		assertThat(engine().store().find(completed.key())).isEmpty();
	}

	@Test
	void removesNothingFromAStoreThatIsNotItsOwn() throws IOException {
		StoredFile file = this.world.upload(bytes("hello"));
		this.world.ours.set(false);
		this.world.files.delete(ALICE, file.id());
		this.world.requireObjects(file.key());
	}

	@Test
	void deletesAFileForEverAndItsRowWithTheSweep() throws IOException {
		StoredFile file = this.world.upload(bytes("hello"));
		this.world.files.delete(ALICE, file.id());
		assertThatExceptionOfType(FileException.NotFound.class)
			.isThrownBy(() -> this.world.files.get(ALICE, file.id()));
		assertThatExceptionOfType(FileException.NotFound.class)
			.isThrownBy(() -> this.world.files.delete(ALICE, file.id()));
		assertThat(this.world.listed()).isEmpty();
		this.world.sweeper.sweep();
		this.world.requireObjects();
		assertThat(this.world.database.rows()).isZero();
	}

	@Test
	void saysWhetherMoreFollow() throws IOException {
		StoredFile first = this.world.upload(bytes("1"));
		this.world.clock.move(Duration.ofMillis(1));
		StoredFile second = this.world.upload(bytes("2"));
		FileQuery one = new FileQuery(Optional.empty(), Optional.empty(), 1, true);
		assertThat(this.world.files.list(ALICE, one).files()).containsExactly(second);
		assertThat(this.world.files.list(ALICE, one).hasMore()).isTrue();
		FileQuery next = new FileQuery(Optional.empty(), Optional.of(second.id()), 1, true);
		assertThat(this.world.files.list(ALICE, next).files()).containsExactly(first);
		assertThat(this.world.files.list(ALICE, next).hasMore()).isFalse();
	}

	@Test
	void refusesAnEmptyUploadAndKeepsNothingOfIt() {
		assertThatExceptionOfType(FileException.InvalidParameter.class).isThrownBy(() -> this.world.upload(new byte[0]))
			.withMessage("The file is empty. Upload at least one byte.")
			.returns("file", FileException.InvalidParameter::parameter);
		this.world.sweeper.sweep();
		assertThat(this.world.database.rows()).isZero();
	}

	@Test
	void keepsNothingOfAnUploadThatIsRefusedAfterItsBytes() {
		FileException refusal = new FileException.InvalidParameter("purpose", "'x' is not one of these");
		assertThatExceptionOfType(FileException.InvalidParameter.class)
			.isThrownBy(() -> this.world.upload(new Upload(bytes("hello")).refused(refusal)))
			.isSameAs(refusal);
		assertThat(this.world.listed()).isEmpty();
		assertThat(engine().keys()).hasSize(1);
		this.world.sweeper.sweep();
		this.world.requireObjects();
		assertThat(this.world.database.rows()).isZero();
	}

	@Test
	void keepsNothingOfAnUploadThatIsCutShort() {
		IOException cut = new IOException("The client disconnected");
		Generated half = new Generated(1000, 100, (position) -> {
			if (position > 500) {
				throw cut;
			}
		});
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> this.world.upload(new Upload(half)))
			.isSameAs(cut);
		assertThat(this.world.listed()).isEmpty();
		this.world.sweeper.sweep();
		this.world.requireObjects();
		assertThat(this.world.database.rows()).isZero();
	}

	@Test
	void acceptsFilesUpToTheLimitAndNotOneByteMore() throws IOException {
		long limit = 9 * MEBIBYTE;
		try (FileWorld small = world(Map.of("stowage.max-file-size", "9MB"))) {
			assertThat(small.upload(new Upload(new Generated(limit))).bytes()).isEqualTo(limit);
			assertThatExceptionOfType(FileException.OverLimit.class)
				.isThrownBy(() -> small.upload(new Upload(new Generated(limit + 1))))
				.withMessage("File is too large. The limit is 9437184 bytes.");
			assertThatExceptionOfType(FileException.OverLimit.class)
				.isThrownBy(() -> small.upload(new Upload(new Generated(limit + 1)).knownAs(Purpose.BATCH)));
			assertThat(small.listed()).hasSize(1);
			small.requireNothingButListed();
		}
	}

	@Test
	void acceptsBatchesOf200MebibytesAndNotOneByteMore() throws IOException {
		long limit = 200 * MEBIBYTE;
		StoredFile whole = this.world.upload(new Upload(new Generated(limit)).knownAs(Purpose.BATCH));
		assertThat(whole.bytes()).isEqualTo(limit);
		assertThatExceptionOfType(FileException.TooLarge.class)
			.isThrownBy(() -> this.world.upload(new Upload(new Generated(limit + 1)).knownAs(Purpose.BATCH)))
			.withMessage("File is too large.");
		assertThatExceptionOfType(FileException.TooLarge.class)
			.isThrownBy(() -> this.world.upload(new Upload(new Generated(limit + 1)).as(Purpose.BATCH)))
			.withMessage("File is too large.");
		assertThat(this.world.listed()).containsExactly(whole);
		this.world.sweeper.sweep();
		this.world.requireObjects(whole.key());
	}

	@Test
	void doesNotReadBeyondTheLimitOfAKnownBatch() {
		long[] read = new long[1];
		Generated endless = new Generated(Long.MAX_VALUE, 1 << 20, (position) -> read[0] = position);
		try (FileWorld small = world(Map.of("stowage.max-file-size", "3MB"))) {
			assertThatExceptionOfType(FileException.OverLimit.class)
				.isThrownBy(() -> small.upload(new Upload(endless)));
		}
		assertThat(read[0]).isLessThanOrEqualTo(4 * MEBIBYTE);
	}

	@Test
	void doesNotStartWithALimitThatItsHeapCannotHold() {
		assertThatExceptionOfType(InvalidSettingException.class)
			.isThrownBy(() -> world(Map.of("stowage.max-file-size", "100TB")))
			.withMessageContaining("stowage.max-file-size is 109951162777600 bytes");
	}

	@ParameterizedTest
	@FieldSource("dev.stowage.file.Purpose#OF_SERVICE")
	void letsOnlyBatchesExpireByThemselves(Purpose purpose) throws IOException {
		StoredFile file = this.world.upload(new Upload(bytes("x")).as(purpose));
		Optional<Instant> expected = purpose.equals(Purpose.BATCH)
				? Optional.of(file.createdAt().plus(Duration.ofDays(30))) : Optional.empty();
		assertThat(file.expiresAt()).isEqualTo(expected);
		assertThat(this.world.files.get(ALICE, file.id()).expiresAt()).isEqualTo(expected);
	}

	@Test
	void countsTheLifeOfAnUploadFromItsEnd() throws IOException {
		Generated slow = new Generated(30, 10, (position) -> {
			this.world.clock.move(Duration.ofHours(1));
			this.world.leases.renew();
		});
		StoredFile file = this.world.upload(new Upload(slow).lasting(Duration.ofHours(1)));
		assertThat(file.createdAt()).isEqualTo(this.world.clock.instant().truncatedTo(ChronoUnit.SECONDS));
		assertThat(file.expiresAt()).contains(file.createdAt().plusSeconds(3600));
		assertThat(this.world.files.get(ALICE, file.id())).isEqualTo(file);
		assertThat(this.world.listed()).containsExactly(file);
	}

	@ParameterizedTest
	@CsvSource({ "CONTEXT", "BATCH" })
	void letsPresignedFilesExpireAfter30Days(Purpose purpose) {
		StoredFile file = this.world.grant(ALICE, "a.json", purpose).file();
		assertThat(file.expiresAt()).contains(file.createdAt().plus(Duration.ofDays(30)));
	}

	@ParameterizedTest
	@CsvSource({ "BATCH", "EVALS" })
	void letsTheExpiryThatIsAskedForWin(Purpose purpose) throws IOException {
		StoredFile file = this.world.upload(new Upload(bytes("x")).as(purpose).lasting(Duration.ofHours(1)));
		assertThat(file.expiresAt()).contains(file.createdAt().plusSeconds(3600));
	}

	@Test
	void letsTheConfiguredExpiryReplaceTheDefaultsInWholeSeconds() throws IOException {
		Map<String, String> settings = Map.of("stowage.expiry.batch", "never", "stowage.expiry.fine-tune", "1500ms");
		try (FileWorld configured = world(settings)) {
			assertThat(configured.upload(new Upload(bytes("x")).as(Purpose.BATCH)).expiresAt()).isEmpty();
			StoredFile brief = configured.upload(new Upload(bytes("x")).as(Purpose.FINE_TUNE));
			assertThat(brief.expiresAt()).contains(brief.createdAt().plusSeconds(1));
			assertThat(configured.files.get(ALICE, brief.id())).isEqualTo(brief);
		}
	}

	@Test
	void forgetsAFileForEveryCallInTheSecondOfItsExpiry() throws IOException {
		StoredFile uploaded = this.world.upload(new Upload(bytes("x")).lasting(Duration.ofHours(1)));
		UploadGrant grant = this.world.sent(JSON);
		UploadGrant pending = this.world.sent(JSON);
		this.world.complete(grant);
		this.world.clock.set(uploaded.expiresAt().orElseThrow().minusMillis(1));
		assertThat(this.world.files.getAvailable(ALICE, uploaded.id())).isEqualTo(uploaded);
		requireGone(uploaded);
		requireGone(grant.file());
		requireGone(pending.file());
		assertThat(this.world.listed()).isEmpty();
		this.world.requireNothingButListed();
	}

	private void requireGone(StoredFile file) {
		this.world.clock.set(file.expiresAt().orElseThrow());
		assertThatExceptionOfType(FileException.NotFound.class)
			.isThrownBy(() -> this.world.files.get(ALICE, file.id()));
		assertThatExceptionOfType(FileException.NotFound.class)
			.isThrownBy(() -> this.world.files.getAvailable(ALICE, file.id()));
		assertThatExceptionOfType(FileException.NotFound.class)
			.isThrownBy(() -> this.world.service.complete(ALICE, file.id()));
		assertThatExceptionOfType(FileException.NotFound.class)
			.isThrownBy(() -> this.world.files.delete(ALICE, file.id()));
	}

	@Test
	void grantsAPendingFileAndLeaveToSendItsBytes() {
		UploadGrant grant = this.world.grant();
		assertThat(grant.file().status()).isEqualTo(FileStatus.PENDING);
		assertThat(grant.file().method()).isEqualTo(UploadMethod.PRESIGNED);
		assertThat(grant.file().bytes()).isZero();
		assertThat(grant.put().method()).isEqualTo("PUT");
		assertThat(grant.put().validity()).isEqualTo(Duration.ofMinutes(10));
		assertThat(this.world.files.get(ALICE, grant.file().id())).isEqualTo(grant.file());
		assertThat(this.world.listed()).isEmpty();
		assertThatExceptionOfType(FileException.NotCompleted.class)
			.isThrownBy(() -> this.world.files.getAvailable(ALICE, grant.file().id()))
			.withMessage("File not completed.");
	}

	@Test
	void grantsNamesOf255CharactersWhateverTheirLengthInUtf16() {
		String longest = "📦".repeat(250) + ".json";
		assertThat(this.world.grant(ALICE, longest, Purpose.CONTEXT).file().name().value()).isEqualTo(longest);
		assertThatExceptionOfType(FileException.InvalidParameter.class)
			.isThrownBy(() -> this.world.grant(ALICE, "📦" + longest, Purpose.CONTEXT))
			.returns("filename", FileException.InvalidParameter::parameter);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a", "json", "a.JSON", "a.json ", "a.jsonl", "a.json/" })
	void grantsOnlyNamesThatEndInJson(String name) {
		assertThatExceptionOfType(FileException.InvalidParameter.class)
			.isThrownBy(() -> this.world.grant(ALICE, name, Purpose.CONTEXT))
			.withMessage("'filename' must end in .json")
			.returns("filename", FileException.InvalidParameter::parameter);
		assertThat(this.world.database.rows()).isZero();
	}

	@Test
	void keepsNoDirectoryOfAGrantedName() {
		assertThat(this.world.grant(ALICE, "../../etc/passwd.json", Purpose.CONTEXT).file().name().value())
			.isEqualTo("passwd.json");
	}

	@Test
	void refusesToCompleteAnUploadThatCameThroughUs() throws IOException {
		FileId id = this.world.upload(bytes("hello")).id();
		assertThatExceptionOfType(FileException.InvalidParameter.class)
			.isThrownBy(() -> this.world.service.complete(ALICE, id))
			.returns("id", FileException.InvalidParameter::parameter);
	}

	@Test
	void signsADownloadThatCarriesNameAndType() throws IOException {
		StoredFile file = this.world.upload(bytes("hello"));
		String url = this.world.files
			.link(file, Duration.ofMinutes(1), "application/json", "attachment; filename=\"a.json\"")
			.url()
			.toString();
		assertThat(Arrays.asList("X-Amz-Expires=60", "response-content-type=application%2Fjson", "a.json",
				"X-Amz-Signature="))
			.allSatisfy((part) -> assertThat(url).contains(part));
	}

}
