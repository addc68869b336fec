package dev.stowage.upload.append;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

import dev.stowage.file.FileName;
import dev.stowage.file.Purpose;
import dev.stowage.storage.ObjectKey;
import dev.stowage.support.InFileWorld;
import dev.stowage.upload.NewFile;
import dev.stowage.upload.pending.UploadStatus;

import org.junit.jupiter.api.AfterEach;

import static dev.stowage.support.FileWorld.ALICE;
import static org.assertj.core.api.Assertions.assertThat;

/** What tests of uploads that continue do. */
abstract class InAppendWorld extends InFileWorld {

	static final int MIB = 1 << 20;

	@AfterEach
	void abortUploads() {
		engine().store().abortUploads("files/");
	}

	AppendedUploads uploads() {
		return this.world.appended.uploads();
	}

	AppendedUpload create(long length) {
		return create(OptionalLong.of(length), Optional.empty());
	}

	/** Of a client that says the digest of the whole file first. */
	AppendedUpload create(long length, WholeDigest digest) {
		return create(OptionalLong.of(length), Optional.of(digest));
	}

	AppendedUpload createOfUnknownLength() {
		return create(OptionalLong.empty(), Optional.empty());
	}

	private AppendedUpload create(OptionalLong length, Optional<WholeDigest> digest) {
		return uploads().create(ALICE, Optional.empty(), file(Purpose.USER_DATA), length, Optional.empty(), digest)
			.value();
	}

	static NewFile file(Purpose purpose) {
		return new NewFile(FileName.of("a.txt"), "text/plain", purpose, Optional.empty());
	}

	AppendedUpload append(AppendedUpload upload, AppendRequest request) throws IOException {
		return uploads().append(ALICE, upload.id(), request);
	}

	AppendedUpload toContinue(AppendedUpload upload) throws IOException {
		return uploads().toContinue(ALICE, upload.id());
	}

	/** Continues until the file is there, and compares it. */
	void requireCompletes(AppendedUpload upload, byte[] all) throws IOException {
		AppendedUpload now = toContinue(upload);
		if (now.status() == UploadStatus.PENDING) {
			now = append(upload, Sent.of(Sent.after(now.offset(), all)).lastAt(now.offset()));
		}
		requireHolds(now, all);
		requireOnlyFiles();
	}

	void requireHolds(AppendedUpload completed, byte[] all) throws IOException {
		assertThat(completed.status()).isEqualTo(UploadStatus.COMPLETED);
		assertThat(completed.offset()).isEqualTo(all.length);
		assertThat(this.world.served(completed.file().orElseThrow())).isEqualTo(all);
	}

	/** After the time in which an ended upload is known. */
	void requireOnlyFiles() {
		this.world.store.heal();
		this.world.faults.heal();
		for (int day = 0; day < 3; day++) {
			this.world.clock.move(Duration.ofHours(25));
			this.world.sweeper.sweep();
		}
		this.world.requireNothingButListed();
		assertThat(count("appended_part")).isZero();
		assertThat(count("appended_upload")).isEqualTo(this.world.listed().size());
	}

	int count(String table) {
		return this.world.database.jdbc().sql("SELECT count(*) FROM " + table).query(Integer.class).single();
	}

	/** How many objects the upload has. */
	long objects() {
		return engine().keys().size();
	}

	/** Removes the object that a request has left. */
	void removeRest() {
		engine().keys().stream().filter((key) -> key.startsWith("staging/")).forEach((key) -> engine().remove(key));
	}

	/** Replaces it by other bytes of the same length. */
	void damageRest() throws IOException {
		for (String key : engine().keys()) {
			if (key.startsWith("staging/")) {
				byte[] bytes = engine().bytes(new ObjectKey(key));
				bytes[bytes.length - 1]++;
				engine().replace(key, bytes);
			}
		}
	}

}
