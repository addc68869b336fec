package dev.stowage.file;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import dev.stowage.owner.Owner;
import dev.stowage.storage.Checksum;
import dev.stowage.storage.ObjectKey;

import org.springframework.dao.DataAccessResourceFailureException;

/** Real repositories whose calls a test makes fail. */
final class FailingRepositories {

	final FileRepository files;

	final UploadRepository uploads;

	final SweepRepository sweeping;

	final StagingRepository staging;

	private final Map<String, Moment> failing = new ConcurrentHashMap<>();

	FailingRepositories(TestDatabase database) {
		this.files = new FailingFileRepository(database);
		this.uploads = new FailingUploadRepository(database);
		this.sweeping = new FailingSweepRepository(database);
		this.staging = new StagingRepository(database.jdbc(), database.changes());
	}

	/** Fails every call of the named method from now on. */
	void fail(Moment moment, String method) {
		this.failing.put(method, moment);
	}

	/** From now on nothing fails. */
	void heal() {
		this.failing.clear();
	}

	private <T> T around(String method, Supplier<T> real) {
		if (this.failing.get(method) == Moment.BEFORE) {
			throw new DataAccessResourceFailureException("A test made " + method + " fail");
		}
		T result = real.get();
		if (this.failing.get(method) == Moment.AFTER) {
			throw new DataAccessResourceFailureException("A test lost the answer of " + method);
		}
		return result;
	}

	private void around(String method, Runnable real) {
		around(method, () -> {
			real.run();
			return true;
		});
	}

	private final class FailingFileRepository extends FileRepository {

		private FailingFileRepository(TestDatabase database) {
			super(database.jdbc(), database.changes(), new PlaceRepository(database.jdbc(), database.together()));
		}

		@Override
		Optional<StoredFile> find(Owner owner, FileId id, Instant now) {
			return around("find", () -> super.find(owner, id, now));
		}

		@Override
		List<StoredFile> list(Owner owner, FileQuery query, Instant now) {
			return around("list", () -> super.list(owner, query, now));
		}

		@Override
		boolean delete(Owner owner, FileId id, Instant now) {
			return around("delete", () -> super.delete(owner, id, now));
		}

	}

	private final class FailingUploadRepository extends UploadRepository {

		private FailingUploadRepository(TestDatabase database) {
			super(database.jdbc(), database.changes());
		}

		@Override
		boolean addPresigned(StoredFile file, Instant uploadEndsAt, int slot) {
			return around("addPresigned", () -> super.addPresigned(file, uploadEndsAt, slot));
		}

		@Override
		void addMultipart(FileId id, Owner owner, Instant createdAt, ObjectKey key, Instant deadline) {
			around("addMultipart", () -> super.addMultipart(id, owner, createdAt, key, deadline));
		}

		@Override
		Set<FileId> renew(Set<FileId> ids, Instant deadline) {
			return around("renew", () -> super.renew(ids, deadline));
		}

		@Override
		boolean completeMultipart(StoredFile file) {
			return around("completeMultipart", () -> super.completeMultipart(file));
		}

		@Override
		boolean claimCompletion(FileId id, String etag, Instant now, Instant until, Instant furthest) {
			return around("claimCompletion", () -> super.claimCompletion(id, etag, now, until, furthest));
		}

		@Override
		boolean renewClaim(FileId id, Instant until, Instant next) {
			return around("renewClaim", () -> super.renewClaim(id, until, next));
		}

		@Override
		void releaseClaim(FileId id, Instant until) {
			around("releaseClaim", () -> super.releaseClaim(id, until));
		}

		@Override
		void refuse(FileId id, Instant until, String etag, String reason) {
			around("refuse", () -> super.refuse(id, until, etag, reason));
		}

		@Override
		OptionalInt nameCopy(FileId id, Instant ended) {
			return around("nameCopy", () -> super.nameCopy(id, ended));
		}

		@Override
		boolean completePresigned(FileId id, Checksum bytes, ObjectKey copy, Instant sweepAt) {
			return around("completePresigned", () -> super.completePresigned(id, bytes, copy, sweepAt));
		}

		@Override
		void abandon(FileId id, Owner owner, ObjectKey key, Instant now, Instant uploadEndsAt) {
			around("abandon", () -> super.abandon(id, owner, key, now, uploadEndsAt));
		}

	}

	private final class FailingSweepRepository extends SweepRepository {

		private FailingSweepRepository(TestDatabase database) {
			super(database.jdbc(), database.changes());
		}

		@Override
		List<DueFile> claim(FileStatus kind, List<String> owners, Instant now, Instant until, int each) {
			return around("claim", () -> super.claim(kind, owners, now, until, each));
		}

		@Override
		List<DueFile> claimAgain(boolean expired, Instant now, Instant until, int limit) {
			return around("claim", () -> super.claimAgain(expired, now, until, limit));
		}

		@Override
		void remove(Collection<FileId> ids, Instant claim) {
			around("remove", () -> super.remove(ids, claim));
		}

		@Override
		void tidied(Collection<FileId> ids, Instant claim, Instant asked) {
			around("tidied", () -> super.tidied(ids, claim, asked));
		}

	}

	/** On which side of the real call. */
	enum Moment {

		BEFORE, AFTER

	}

}
