package dev.stowage.upload.parts;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

import dev.stowage.file.DamageReports;
import dev.stowage.file.FileException;
import dev.stowage.storage.Checksum;
import dev.stowage.storage.ObjectDamagedException;
import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectRange;
import dev.stowage.storage.ObjectStore;
import dev.stowage.storage.ObjectStoreException;
import dev.stowage.upload.pending.Claims;
import dev.stowage.upload.pending.Turns;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

/**
 * Turns uploads in parts into files: compose the parts inside the store, then change the
 * status. After a crash in between, the upload is still pending, and its row names what
 * was composed.
 */
@Component
class PartCompletions {

	private static final Logger logger = LoggerFactory.getLogger(PartCompletions.class);

	private static final Pattern MD5 = Pattern.compile("[0-9a-fA-F]{32}");

	private static final int BUFFER_SIZE = 64 * 1024;

	private final PartRepository rows;

	private final Claims claims;

	private final Turns turns;

	private final ObjectStore store;

	private final DamageReports damage;

	private final Clock clock;

	PartCompletions(PartRepository rows, Claims claims, Turns turns, ObjectStore store, DamageReports damage,
			Clock clock) {
		this.damage = damage;
		this.rows = rows;
		this.claims = claims;
		this.turns = turns;
		this.store = store;
		this.clock = clock;
	}

	/** Makes a pending upload a file of these parts, in this order. */
	void complete(Upload upload, List<String> ids, Optional<String> md5) {
		md5.filter((text) -> !MD5.matcher(text).matches()).ifPresent((text) -> {
			throw new FileException.InvalidParameter("md5", "'md5' must be 32 hexadecimal digits.");
		});
		this.turns.take(upload.owner());
		try {
			this.claims.hold(upload.id().file(), "", (claim) -> completeClaimed(upload, ids, md5, claim));
		}
		catch (FileException.BeingCompleted ex) {
			throw new UploadException.BeingCompleted(upload.id());
		}
		finally {
			this.turns.giveBack(upload.owner());
		}
	}

	/** Whether the upload was completed with this list. */
	boolean isCompletedWith(Upload upload, List<String> ids) {
		return this.rows.wasCompletedWith(upload.id(), digest(ids));
	}

	/** Identifies a list; neither ids nor tags have commas. */
	static String digest(List<String> ids) {
		byte[] list = String.join(",", ids).getBytes(StandardCharsets.UTF_8);
		return HexFormat.of().formatHex(newDigest("SHA-256").digest(list));
	}

	private Checksum completeClaimed(Upload upload, List<String> ids, Optional<String> md5, Claims.Claim claim) {
		List<UploadPart> parts = chosen(upload, ids);
		Checksum whole = parts.stream().map(UploadPart::checksum).reduce(Checksum.EMPTY, Checksum::then);
		if (whole.length() != upload.bytes()) {
			throw new FileException.InvalidParameter("part_ids",
					"The parts have " + whole.length() + " bytes together, but the upload was created for "
							+ upload.bytes() + ". Name other parts, or create a new upload.");
		}
		md5.ifPresent((expected) -> requireMd5(upload, parts, expected, claim));
		ObjectKey target = claim.nameCopy().orElseThrow(() -> ended(upload));
		compose(upload, parts, target, claim);
		if (!this.rows.complete(upload.id(), whole, target, digest(ids),
				this.clock.instant().truncatedTo(ChronoUnit.SECONDS))) {
			discard(target);
			throw ended(upload);
		}
		logger.info("Completed {}: {} bytes in {} parts", upload.id(), whole.length(), parts.size());
		return whole;
	}

	private void compose(Upload upload, List<UploadPart> parts, ObjectKey target, Claims.Claim claim) {
		List<ObjectRange> ranges = parts.stream()
			.map((part) -> ObjectRange.ofUnchanging(part.key(), part.bytes()))
			.toList();
		try {
			if (this.store.compose(ranges, target, upload.owner().name(), () -> requireHeld(upload, claim)).isEmpty()) {
				throw damaged(upload, claim, "a part is missing");
			}
		}
		catch (ObjectDamagedException ex) {
			throw damaged(upload, claim, "a part has another size");
		}
	}

	/** The parts that a client named, in its order. */
	private List<UploadPart> chosen(Upload upload, List<String> ids) {
		if (ids.isEmpty()) {
			throw new FileException.InvalidParameter("part_ids", "'part_ids' must name at least one part.");
		}
		Map<String, UploadPart> parts = new LinkedHashMap<>();
		this.rows.parts(upload.id(), 0, 2 * PartProperties.MAX_PARTS)
			.forEach((part) -> parts.put(part.id().value(), part));
		List<UploadPart> chosen = new ArrayList<>();
		for (String id : ids) {
			UploadPart part = parts.remove(id);
			if (part == null) {
				throw new FileException.InvalidParameter("part_ids", "Entry " + (chosen.size() + 1)
						+ " of 'part_ids' is no part of this upload, or is given twice.");
			}
			chosen.add(part);
		}
		return chosen;
	}

	/** Reads all bytes, because sums of this kind cannot be combined. */
	private void requireMd5(Upload upload, List<UploadPart> parts, String expected, Claims.Claim claim) {
		MessageDigest digest = newDigest("MD5");
		byte[] buffer = new byte[BUFFER_SIZE];
		for (UploadPart part : parts) {
			CRC32C sum = new CRC32C();
			try (InputStream bytes = claim.over(this.store.open(part.key(), part.bytes(), 0, part.bytes())
				.orElseThrow(() -> damaged(upload, claim, "a part is missing")))) {
				for (int count = bytes.read(buffer, 0, BUFFER_SIZE); count >= 0; count = bytes.read(buffer, 0,
						BUFFER_SIZE)) {
					digest.update(buffer, 0, count);
					sum.update(buffer, 0, count);
				}
			}
			catch (ObjectDamagedException ex) {
				throw damaged(upload, claim, "a part has another size");
			}
			catch (IOException ex) {
				throw new ObjectStoreException("Reading " + part.key() + " failed: " + ex, ex);
			}
			if (sum.getValue() != part.checksum().crc32c()) {
				throw damaged(upload, claim, "a part has other bytes");
			}
		}
		String found = HexFormat.of().formatHex(digest.digest());
		if (!found.equals(expected.toLowerCase(Locale.ROOT))) {
			throw new FileException.InvalidParameter("md5",
					"The parts have the MD5 " + found + ", not " + expected.toLowerCase(Locale.ROOT) + ".");
		}
	}

	/** Ends a composition whose upload was cancelled. */
	private void requireHeld(Upload upload, Claims.Claim claim) {
		if (!claim.renewIfDue()) {
			throw ended(upload);
		}
	}

	/** Another request has ended the upload, or is completing it. */
	private static UploadException ended(Upload upload) {
		return new UploadException.BeingCompleted(upload.id());
	}

	/**
	 * The parts of an upload that was cancelled meanwhile are not damaged but removed.
	 */
	private UploadException damaged(Upload upload, Claims.Claim claim, String found) {
		if (!claim.renew()) {
			return ended(upload);
		}
		this.damage.report(upload.id().value(), "uploaded in parts of " + upload.bytes() + " bytes", found);
		return new UploadException.Damaged(upload.id());
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

	private static MessageDigest newDigest(String algorithm) {
		try {
			return MessageDigest.getInstance(algorithm);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has it", ex);
		}
	}

}
