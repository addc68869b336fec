package dev.stowage.upload.parts;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import dev.stowage.file.FileException;
import dev.stowage.file.FileId;
import dev.stowage.file.FileStatus;
import dev.stowage.file.Files;
import dev.stowage.file.StoredFile;
import dev.stowage.file.UploadMethod;
import dev.stowage.owner.Owner;
import dev.stowage.storage.Checksum;
import dev.stowage.storage.ObjectInfo;
import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectRange;
import dev.stowage.storage.ObjectStore;
import dev.stowage.storage.ObjectStoreException;
import dev.stowage.upload.JsonVerification;
import dev.stowage.upload.pending.Claims;
import dev.stowage.upload.pending.Turns;
import io.micrometer.context.ContextExecutorService;
import io.micrometer.context.ContextSnapshotFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

/**
 * Turns parts that clients PUT to signed URLs into a file: find them, compose them under
 * a key that no signed URL can write, verify what was composed, then change the status. A
 * part may be replaced at any time, so each is pinned to the ETag that its client names,
 * and only the composed object is verified.
 */
@Component
class PresignedPartCompletions {

	private static final Logger logger = LoggerFactory.getLogger(PresignedPartCompletions.class);

	/** How many parts are looked for at the same time. */
	private static final int AT_ONCE = 8;

	private final Files files;

	private final PresignedPartRepository rows;

	private final Claims claims;

	private final Turns turns;

	private final ObjectStore store;

	private final JsonVerification json;

	PresignedPartCompletions(Files files, PresignedPartRepository rows, Claims claims, Turns turns, ObjectStore store,
			JsonVerification json) {
		this.files = files;
		this.rows = rows;
		this.claims = claims;
		this.turns = turns;
		this.store = store;
		this.json = json;
	}

	/** Requires that parts of the file may be sent. */
	static void requirePending(StoredFile file) {
		if (file.method() != UploadMethod.PRESIGNED_PARTS) {
			throw new FileException.InvalidParameter("id", "The file " + file.id() + " was not created in parts.");
		}
		if (file.status() != FileStatus.PENDING) {
			throw new FileException.AlreadyCompleted(file.id());
		}
	}

	StoredFile complete(Owner owner, FileId id, List<SentPart> sent) {
		StoredFile file = this.files.get(owner, id);
		requirePending(file);
		PartLayout layout = this.rows.layout(id).orElseThrow(() -> new FileException.AlreadyCompleted(id));
		List<String> tags = tags(layout, sent);
		this.turns.take(owner);
		try {
			completePending(file, layout, tags);
			return this.files.get(owner, id);
		}
		catch (FileException.Replaced | FileException.AlreadyCompleted | FileException.BeingCompleted
				| ObjectStoreException ex) {
			// the file may be completed or deleted by now
			requirePending(this.files.get(owner, id));
			throw ex;
		}
		finally {
			this.turns.giveBack(owner);
		}
	}

	/** The tag of each part, in the order of the parts. */
	private static List<String> tags(PartLayout layout, List<SentPart> sent) {
		String[] tags = new String[layout.count()];
		for (SentPart part : sent) {
			if (part.number() < 1 || part.number() > layout.count()) {
				throw wrong("The file has the parts 1 to " + layout.count() + ", and no part " + part.number() + ".");
			}
			int index = (int) part.number() - 1;
			if (tags[index] != null) {
				throw wrong("'parts' names part " + part.number() + " twice.");
			}
			tags[index] = part.tag();
		}
		for (int i = 0; i < tags.length; i++) {
			if (tags[i] == null) {
				throw wrong("'parts' does not name part " + (i + 1) + ".");
			}
		}
		return List.of(tags);
	}

	private static FileException wrong(String message) {
		return new FileException.InvalidParameter("parts", message);
	}

	private void completePending(StoredFile file, PartLayout layout, List<String> tags) {
		String list = PartCompletions.digest(tags);
		this.claims.hold(file.id(), list, (claim) -> complete(file, find(file.id(), layout, tags), list, claim));
	}

	private Checksum complete(StoredFile file, List<ObjectInfo> parts, String list, Claims.Claim claim) {
		ObjectKey target = claim.nameCopy().orElseThrow(() -> new FileException.AlreadyCompleted(file.id()));
		ObjectInfo composed = this.store
			.compose(parts.stream().map(ObjectRange::of).toList(), target, file.owner().name(),
					() -> requireHeld(file, claim))
			.orElseThrow(() -> new FileException.Replaced(file.id()));
		Checksum verified = verify(file, composed, list, claim);
		if (!claim.complete(verified, target)) {
			discard(target);
			throw new FileException.AlreadyCompleted(file.id());
		}
		logger.info("Completed {}: {} bytes in {} parts", file.id(), verified.length(), parts.size());
		return verified;
	}

	/** The parts in the store, each as its client named it. */
	private List<ObjectInfo> find(FileId id, PartLayout layout, List<String> tags) {
		List<ObjectInfo> found = new ArrayList<>();
		try (ExecutorService threads = ContextExecutorService.wrap(Executors.newVirtualThreadPerTaskExecutor(),
				ContextSnapshotFactory.builder().build()::captureAll)) {
			for (int first = 1; first <= layout.count(); first += AT_ONCE) {
				List<CompletableFuture<ObjectInfo>> some = new ArrayList<>();
				for (int i = first; i < first + AT_ONCE && i <= layout.count(); i++) {
					int number = i;
					some.add(CompletableFuture.supplyAsync(() -> find(id, layout, number, tags.get(number - 1)),
							threads));
				}
				some.forEach((one) -> found.add(await(one)));
			}
		}
		return found;
	}

	private static ObjectInfo await(CompletableFuture<ObjectInfo> one) {
		try {
			return one.join();
		}
		catch (CompletionException ex) {
			throw (ex.getCause() instanceof RuntimeException cause) ? cause : ex;
		}
	}

	private ObjectInfo find(FileId id, PartLayout layout, int number, String tag) {
		ObjectInfo part = this.store.find(layout.key(id, number))
			.orElseThrow(() -> wrong("Part " + number + " was not uploaded. PUT it to its URL, then complete again."));
		if (part.size() != layout.size(number)) {
			throw wrong("Part " + number + " has " + part.size() + " bytes, not " + layout.size(number)
					+ ". PUT it again, then complete again.");
		}
		if (!part.etag().equals(tag)) {
			throw wrong("Part " + number + " does not have the ETag that 'parts' names."
					+ " Name the one of its last PUT, or PUT it again.");
		}
		return part;
	}

	private Checksum verify(StoredFile file, ObjectInfo composed, String list, Claims.Claim claim) {
		try {
			return this.json.verify(file.id(), composed, claim::over);
		}
		catch (FileException.NotJson ex) {
			claim.refuse(list, String.valueOf(ex.getMessage()));
			discard(composed.key());
			throw ex;
		}
	}

	/** Ends a composition whose file was deleted. */
	private static void requireHeld(StoredFile file, Claims.Claim claim) {
		if (!claim.renewIfDue()) {
			throw new FileException.BeingCompleted(file.id());
		}
	}

	/** The row names the key, so a copy that remains is swept later. */
	private void discard(ObjectKey copy) {
		try {
			this.store.delete(copy);
		}
		catch (ObjectStoreException ex) {
			logger.warn("Could not remove {}; the sweeper removes it later: {}", copy, ex.getMessage());
		}
	}

}
