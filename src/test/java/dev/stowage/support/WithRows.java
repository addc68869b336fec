package dev.stowage.support;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import dev.stowage.database.OnEachDatabase;
import dev.stowage.file.FileId;
import dev.stowage.file.FileName;
import dev.stowage.file.FileQuery;
import dev.stowage.file.FileRows;
import dev.stowage.file.FileStatus;
import dev.stowage.file.ObjectKeys;
import dev.stowage.file.Purpose;
import dev.stowage.file.StoredFile;
import dev.stowage.file.UploadMethod;
import dev.stowage.owner.Owner;
import dev.stowage.storage.Checksum;
import dev.stowage.sweep.SweepRows;
import dev.stowage.upload.UploadRows;
import dev.stowage.upload.pending.PendingRows;
import org.junit.jupiter.api.BeforeEach;

import static org.assertj.core.api.Assertions.assertThat;

/** Rows of files, written by the calls that write them in production. */
public abstract class WithRows extends OnEachDatabase {

	protected static final Owner ALICE = new Owner("alice");

	protected static final Owner BOB = new Owner("bob");

	protected static final Instant NOW = Instant.ofEpochSecond(1_760_329_882);

	protected static final Instant LATER = NOW.plusSeconds(3600);

	private int numbered;

	protected FileRows files;

	protected UploadRows uploads;

	protected PendingRows pending;

	protected SweepRows sweeping;

	@BeforeEach
	void setUp() {
		Rows rows = new Rows(this.database);
		this.files = rows.files();
		this.uploads = rows.uploads();
		this.pending = rows.pending();
		this.sweeping = rows.sweeping();
	}

	/** Adds an available file whose id follows those before it. */
	protected StoredFile available(Owner owner, Purpose purpose) {
		return available(nextId(), owner, purpose, Optional.empty());
	}

	protected StoredFile available(FileId id, Owner owner, Purpose purpose, Optional<Instant> expiresAt) {
		StoredFile file = file(id, owner, purpose, expiresAt);
		this.uploads.addMultipart(id, owner, NOW, file.key(), LATER);
		assertThat(this.uploads.completeMultipart(file)).isTrue();
		return file;
	}

	protected static StoredFile file(FileId id, Owner owner, Purpose purpose, Optional<Instant> expiresAt) {
		return new StoredFile(id, owner, UploadMethod.MULTIPART, FileStatus.AVAILABLE, purpose, FileName.NONE,
				"text/plain", 7, NOW, expiresAt, ObjectKeys.upload(id), OptionalLong.of(9));
	}

	protected FileId pendingMultipart(Instant deadline) {
		FileId id = nextId();
		this.uploads.addMultipart(id, ALICE, NOW, ObjectKeys.upload(id), deadline);
		return id;
	}

	/** Its URL's window ends at {@link #LATER}. */
	protected StoredFile pendingPresigned(Owner owner, Optional<Instant> expiresAt) {
		FileId id = nextId();
		StoredFile file = new StoredFile(id, owner, UploadMethod.PRESIGNED, FileStatus.PENDING, Purpose.CONTEXT,
				FileName.of("data.json"), "application/json", 0, NOW, expiresAt, ObjectKeys.staging(id),
				OptionalLong.empty());
		assertThat(this.uploads.addPresigned(file, LATER, this.numbered)).isTrue();
		return file;
	}

	protected StoredFile completedPresigned(Optional<Instant> expiresAt) {
		FileId id = pendingPresigned(ALICE, expiresAt).id();
		this.pending.nameCopy(id, NOW);
		this.pending.complete(id, new Checksum(1, 7), ObjectKeys.copy(id, 1), NOW);
		return this.files.find(ALICE, id, NOW).orElseThrow();
	}

	protected List<StoredFile> list(Owner owner, Instant now) {
		return this.files.list(owner, new FileQuery(Optional.empty(), Optional.empty(), 100, true), now);
	}

	protected List<StoredFile> listAfter(FileId after, boolean newestFirst) {
		return this.files.list(ALICE, new FileQuery(Optional.empty(), Optional.of(after), 100, newestFirst), NOW);
	}

	protected FileId nextId() {
		return FileId.createdAt(NOW.plusMillis(this.numbered++));
	}

}
