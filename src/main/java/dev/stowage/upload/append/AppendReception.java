package dev.stowage.upload.append;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalLong;

import dev.stowage.file.CheckedContent;
import dev.stowage.file.DamageReports;
import dev.stowage.storage.ObjectDamagedException;
import dev.stowage.storage.ObjectStore;
import dev.stowage.storage.ObjectTooLargeException;
import dev.stowage.upload.Leases;
import dev.stowage.upload.NewFile;
import dev.stowage.upload.pending.Claims;
import dev.stowage.upload.pending.PendingSlots;
import dev.stowage.upload.pending.UploadId;
import dev.stowage.upload.pending.UploadStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

/**
 * Receives what is appended to pending uploads, one request at a time for each. The last
 * byte makes the file: finish the object, then change the status. After a crash in
 * between, the upload is still pending, and any request for it finishes it.
 */
@Component
class AppendReception {

	private static final Logger logger = LoggerFactory.getLogger(AppendReception.class);

	private final AppendRepository rows;

	private final KeptRepository kept;

	private final Writers writers;

	private final AppendRemains remains;

	private final AppendLimits limits;

	private final PendingSlots slots;

	private final Leases leases;

	private final ObjectStore store;

	private final DamageReports damage;

	private final Clock clock;

	AppendReception(AppendRepository rows, KeptRepository kept, Writers writers, AppendRemains remains,
			AppendLimits limits, PendingSlots slots, Leases leases, ObjectStore store, DamageReports damage,
			Clock clock) {
		this.rows = rows;
		this.kept = kept;
		this.writers = writers;
		this.remains = remains;
		this.limits = limits;
		this.slots = slots;
		this.leases = leases;
		this.store = store;
		this.damage = damage;
		this.clock = clock;
	}

	/**
	 * Appends to a pending upload.
	 * @return the upload after it; empty if it has become a file
	 * @throws Writers.NotPendingException when it no longer is
	 */
	Optional<AppendedUpload> append(AppendedUpload asked, AppendRequest request) throws IOException {
		UploadId id = asked.id();
		try (Leases.Lease lease = this.leases.watch();
				Writers.Writer writer = this.writers.take(id, request.bytes()::cancel)) {
			Kept before = this.kept.find(id);
			AppendedUpload upload = asked.withLength(before.length());
			if (before.offset() != request.offset()) {
				throw new AppendException.WrongOffset(id, before.offset(), request.offset());
			}
			AppendedUpload known = withLength(upload, request);
			this.remains.remove(id, before, writer.number());
			InputStream bytes = lease.over(request.bytes().bytes());
			Optional<WholeDigest.Running> digest = before.digest().map((whole) -> whole.from(before.offset()));
			ClientStream client = new ClientStream(digest.map((all) -> all.ofClient(bytes)).orElse(bytes),
					!request.isChecked());
			Append append = new Append(this.kept, this.store, known, before, writer, request, client);
			Optional<Append.Finished> file = run(append, known, writer, digest);
			if (file.isPresent()) {
				complete(known, writer, file.get());
				return Optional.empty();
			}
			if (writer.isEnded()) {
				throw ended(known);
			}
			return Optional.of(known.continued(append.offset(), writer.deadline()));
		}
	}

	/** Why a request ends that was ended by another one. */
	private RuntimeException ended(AppendedUpload upload) {
		boolean isPending = this.rows.find(upload.owner(), upload.id(), now())
			.filter((found) -> found.status() == UploadStatus.PENDING)
			.isPresent();
		return isPending ? new AppendException.TakenOver(upload.id()) : new Writers.NotPendingException();
	}

	private Optional<Append.Finished> run(Append append, AppendedUpload upload, Writers.Writer writer,
			Optional<WholeDigest.Running> digest) throws IOException {
		long limit = this.limits.maxSize(upload.purpose());
		try {
			Optional<Append.Finished> file = append.run(upload.length().orElse(limit));
			if (file.isPresent() && digest.isPresent()) {
				compare(upload, file.get(), digest.get());
			}
			return file;
		}
		catch (AppendException.OtherDigest ex) {
			cancel(upload, writer);
			throw ex;
		}
		catch (IOException ex) {
			// the request that ended this one did so by ending its connection
			if (writer.isEnded()) {
				throw ended(upload);
			}
			throw ex;
		}
		catch (AppendException.TakenOver ex) {
			throw ended(upload);
		}
		catch (ObjectTooLargeException ex) {
			if (upload.length().isPresent()) {
				throw new AppendException.BeyondLength(upload.id(), upload.length().getAsLong());
			}
			throw NewFile.tooLarge(limit, this.limits.maxSize());
		}
		catch (ObjectDamagedException ex) {
			if (ended(upload) instanceof Writers.NotPendingException end) {
				// the sweeper has removed its bytes
				throw end;
			}
			this.damage.report(upload.id().value(), "uploaded with " + upload.offset() + " bytes",
					String.valueOf(ex.getMessage()));
			cancel(upload, writer);
			throw new AppendException.Damaged(upload.id());
		}
	}

	/** Only while no newer request has replaced this one. */
	private void cancel(AppendedUpload upload, Writers.Writer writer) {
		if (!this.rows.cancel(upload.id(), writer.number(), now())) {
			throw ended(upload);
		}
		this.slots.freed(upload.owner());
		logger.info("Cancelled {}", upload.id());
	}

	/** If earlier requests have sent something, all is read from the store. */
	private void compare(AppendedUpload upload, Append.Finished file, WholeDigest.Running digest) throws IOException {
		if (!digest.isOfClient()) {
			long length = file.bytes().length();
			InputStream stored = this.store.open(file.key(), length, 0, length)
				.orElseThrow(() -> new ObjectDamagedException(file.key(), "no bytes"));
			try (InputStream all = digest.over(new CheckedContent(stored, file.bytes(),
					() -> new ObjectDamagedException(file.key(), "other bytes")))) {
				all.transferTo(OutputStream.nullOutputStream());
			}
		}
		digest.requireEqual(upload.id());
	}

	/** The length that the client says with the request is the upload's from now on. */
	private AppendedUpload withLength(AppendedUpload upload, AppendRequest request) {
		OptionalLong said = DeclaredLength.of(upload, request);
		if (said.isEmpty() || upload.length().isPresent()) {
			return upload;
		}
		this.limits.requireLength(upload.purpose(), said.getAsLong());
		this.kept.setLength(upload.id(), said.getAsLong());
		return upload.withLength(said);
	}

	private void complete(AppendedUpload upload, Writers.Writer writer, Append.Finished file) {
		Instant now = now();
		Optional<Instant> remains = file.hasRemains() ? Optional.of(now.plus(Claims.SETTLING)) : Optional.empty();
		if (!this.rows.complete(upload.id(), writer.number(), file.bytes(), file.key(), now, remains)) {
			throw ended(upload);
		}
		writer.released();
		this.slots.freed(upload.owner());
		logger.info("Completed {}: {} bytes", upload.id(), file.bytes().length());
	}

	private Instant now() {
		return this.clock.instant().truncatedTo(ChronoUnit.SECONDS);
	}

}
