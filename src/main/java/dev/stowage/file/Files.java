package dev.stowage.file;

import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.stowage.owner.Owner;
import dev.stowage.storage.Checksum;
import dev.stowage.storage.ObjectDamagedException;
import dev.stowage.storage.ObjectInfo;
import dev.stowage.storage.ObjectStore;
import dev.stowage.storage.ObjectStoreException;
import dev.stowage.storage.SignedRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Service;

/**
 * Finds, lists, opens, links and deletes files. A delete changes the status first. The
 * bytes are removed immediately if the store answers; otherwise the sweeper removes them,
 * and later the row.
 * <p>
 * Methods throw {@link FileException} for what the client can correct,
 * {@link ObjectStoreException} or {@link DataAccessException} when store or database
 * fail.
 */
@Service
public class Files {

	private static final Logger logger = LoggerFactory.getLogger(Files.class);

	private final FileRepository files;

	private final ObjectStore store;

	private final DamageReports damage;

	private final PromptRemoval removal;

	private final Clock clock;

	Files(FileRepository files, ObjectStore store, DamageReports damage, PromptRemoval removal, Clock clock) {
		this.files = files;
		this.store = store;
		this.damage = damage;
		this.removal = removal;
		this.clock = clock;
	}

	/** A file that the owner may see, pending pre-signed ones among them. */
	public StoredFile get(Owner owner, FileId id) {
		return this.files.find(owner, id, now()).orElseThrow(() -> new FileException.NotFound(id.value()));
	}

	/** A file that has content. */
	public StoredFile getAvailable(Owner owner, FileId id) {
		StoredFile file = get(owner, id);
		if (file.status() != FileStatus.AVAILABLE) {
			throw new FileException.NotCompleted();
		}
		return file;
	}

	/**
	 * Opens a range of at least one byte. The caller closes the stream. If the range is
	 * the whole file, its checksum is compared before the last bytes are returned; if it
	 * differs, that read throws {@link FileException.Damaged}.
	 */
	public InputStream open(StoredFile file, long offset, long length) {
		InputStream bytes;
		try {
			bytes = this.store.open(file.key(), file.bytes(), offset, length)
				.orElseThrow(() -> damaged(file, "there is no object"));
		}
		catch (ObjectDamagedException ex) {
			throw damaged(file, String.valueOf(ex.getMessage()));
		}
		if (length < file.bytes() || file.crc32c().isEmpty()) {
			return bytes;
		}
		return new CheckedContent(bytes, new Checksum(file.bytes(), file.crc32c().getAsLong()),
				() -> damaged(file, "other bytes"));
	}

	/** Requires that a file's bytes are there, without reading them. */
	public void requireContent(StoredFile file) {
		ObjectInfo object = this.store.find(file.key()).orElseThrow(() -> damaged(file, "there is no object"));
		if (object.size() != file.bytes()) {
			throw damaged(file, object.size() + " bytes");
		}
	}

	/**
	 * A file that was deleted or has expired in the meantime is not damaged but missing.
	 */
	private FileException damaged(StoredFile file, String found) {
		get(file.owner(), file.id());
		return this.damage.report(file, found);
	}

	/**
	 * Signs a download directly from the store. The URL ends with the file at the latest.
	 */
	public SignedRequest link(StoredFile file, Duration validity, String contentType, String contentDisposition) {
		Duration left = file.expiresAt().map((end) -> Duration.between(now(), end)).orElse(validity);
		if (!left.isPositive()) {
			throw new FileException.NotFound(file.id().value());
		}
		return this.store.signGet(file.key(), (left.compareTo(validity) < 0) ? left : validity, contentType,
				contentDisposition);
	}

	/**
	 * One page of an owner's finished files, which may be shorter than the query allows.
	 */
	public FilePage list(Owner owner, FileQuery query) {
		return this.files.page(owner, query, now());
	}

	/**
	 * The finished files of these ids that the owner has, in the order of the ids.
	 * @param ids at most a few hundred
	 */
	public List<StoredFile> find(Owner owner, List<FileId> ids) {
		Map<FileId, StoredFile> found = new HashMap<>();
		this.files.findAvailable(owner, ids, now()).forEach((file) -> found.put(file.id(), file));
		return ids.stream().map(found::get).filter(Objects::nonNull).toList();
	}

	/** Deletes a file; links to it end if the store answers. */
	public void delete(Owner owner, FileId id) {
		StoredFile file = get(owner, id);
		if (!this.files.delete(owner, id, now())) {
			throw new FileException.NotFound(id.value());
		}
		logger.info("Deleted {}", id);
		if (file.status() == FileStatus.AVAILABLE) {
			this.removal.remove(file.key());
		}
	}

	private Instant now() {
		return this.clock.instant().truncatedTo(ChronoUnit.SECONDS);
	}

}
