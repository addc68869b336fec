package dev.stowage.check;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

import dev.stowage.check.Difference.Kind;
import dev.stowage.file.ObjectKeys;
import dev.stowage.storage.ObjectInfo;
import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectPage;
import dev.stowage.storage.ObjectPage.Listed;
import dev.stowage.storage.ObjectStore;
import dev.stowage.storage.ObjectStore.OpenUpload;

/**
 * Walks through the rows and the objects of one prefix side by side, both in the order of
 * the ids of files. What seems to differ may be what a server is changing, so each
 * difference is looked up again on both sides before it is reported: first on the side
 * that a server changes last.
 */
final class Comparison {

	private static final Pattern PROBE = Pattern
		.compile("(?:files|staging)/" + ObjectKey.PROBE + "[0-9A-Za-z.-]{1,99}");

	private final CheckRepository rows;

	private final ObjectStore store;

	private final Findings findings;

	private final Optional<Content> content;

	/** What was written before is not in progress. */
	private final Instant old;

	private long files;

	private long objects;

	Comparison(CheckRepository rows, ObjectStore store, Findings findings, Optional<Content> content, Instant old) {
		this.rows = rows;
		this.store = store;
		this.findings = findings;
		this.content = content;
		this.old = old;
	}

	void walk(String prefix) {
		Pages<FileRow> allRows = new Pages<>(
				(last) -> this.rows.after(last.map((row) -> row.id().value()).orElse(""), Pages.SIZE));
		Pages<Listed> allObjects = new Pages<>((last) -> list(prefix, last.map(Listed::key)));
		Optional<FileRow> row = allRows.next();
		boolean isFound = false;
		for (Optional<Listed> next = allObjects.next(); next.isPresent(); next = allObjects.next()) {
			Listed object = next.get();
			if (isFolder(object) || isOfStart(object)) {
				continue;
			}
			this.objects++;
			Optional<StoredName> name = StoredName.parse(object.key());
			if (name.isEmpty()) {
				nameless(object);
				continue;
			}
			while (row.isPresent() && row.get().id().compareTo(name.get().id()) < 0) {
				end(prefix, row.get(), isFound);
				row = allRows.next();
				isFound = false;
			}
			Optional<FileRow> its = row.filter((one) -> one.id().equals(name.get().id()));
			isFound |= compare(its, name.get(), object);
		}
		for (; row.isPresent(); row = allRows.next()) {
			end(prefix, row.get(), isFound);
			isFound = false;
		}
	}

	/** A page of the listing. Some engines end a page early, so it is filled. */
	private List<Listed> list(String prefix, Optional<String> after) {
		List<Listed> page = new ArrayList<>();
		Optional<String> from = after;
		do {
			ObjectPage listed = this.store.list(prefix, from, Pages.SIZE - page.size());
			page.addAll(listed.objects());
			from = listed.next();
		}
		while (from.isPresent() && page.size() < Pages.SIZE);
		return page;
	}

	/** Engines over a file system list their folders as well. */
	private static boolean isFolder(Listed object) {
		return object.size() == 0 && object.key().endsWith("/");
	}

	/** The identity, and what a start tries upload URLs with. */
	private boolean isOfStart(Listed object) {
		return object.key().equals(ObjectKey.IDENTITY.value())
				|| (isProbe(object.key()) && object.modified().isAfter(this.old));
	}

	private static boolean isProbe(String key) {
		return PROBE.matcher(key).matches();
	}

	private void nameless(Listed object) {
		if (isProbe(object.key())) {
			this.findings.add(Kind.NO_ROW, describe(object), object.modified(),
					() -> this.store.delete(new ObjectKey(object.key())));
		}
		else {
			this.findings.add(Kind.FOREIGN, describe(object));
		}
	}

	/** Returns whether it is the object of an available file. */
	private boolean compare(Optional<FileRow> row, StoredName name, Listed object) {
		if (row.filter((one) -> one.names(name, object.modified(), this.old)).isEmpty()) {
			unnamed(name, object);
			return false;
		}
		if (!row.get().isAvailable() || !row.get().key().equals(name.key())) {
			return false;
		}
		compareSize(row.get(), object.size());
		return true;
	}

	/** A row is removed after its objects, so it is looked up before the object. */
	private void unnamed(StoredName name, Listed object) {
		boolean isNamed = this.rows.find(name.id())
			.filter((row) -> row.names(name, object.modified(), this.old))
			.isPresent();
		if (!isNamed && this.store.find(name.key()).isPresent()) {
			this.findings.add(Kind.NO_ROW, describe(object), object.modified(), () -> this.store.delete(name.key()));
		}
	}

	/** After the last object that may belong to the row. */
	private void end(String prefix, FileRow row, boolean isFound) {
		if (row.isAvailable() && row.key().value().startsWith(prefix)) {
			this.files++;
			if (!isFound) {
				missing(row);
			}
		}
		if (prefix.equals(ObjectKeys.STAGING)) {
			if (row.isPending()) {
				requireParts(row);
			}
			if (row.isOverdue(this.old)) {
				this.findings.add(Kind.OVERDUE, row + ": " + row.status().map(Enum::name).orElse("of a newer version")
						+ ", due since " + row.sweepAt().orElseThrow() + ", tried " + row.attempts() + " times");
			}
		}
	}

	/** An object is removed after its row has changed, so it is looked up first. */
	private void missing(FileRow row) {
		// of no bytes, no object is written
		if (row.bytes() == 0) {
			return;
		}
		Optional<ObjectInfo> object = this.store.find(row.key());
		if (object.isPresent()) {
			compareSize(row, object.get().size());
		}
		else if (isStill(row)) {
			this.findings.add(Kind.NO_OBJECT, row + ": " + row.key() + " of " + row.bytes() + " bytes is missing");
		}
	}

	private void compareSize(FileRow row, long size) {
		if (size == row.bytes()) {
			this.content.ifPresent((all) -> all.read(row));
		}
		else if (isStill(row)) {
			this.findings.add(Kind.WRONG_SIZE, row + ": " + row.key() + " has " + size + " bytes, not " + row.bytes());
		}
	}

	private boolean isStill(FileRow row) {
		return this.rows.find(row.id()).filter(row::isSameFile).isPresent();
	}

	private void requireParts(FileRow row) {
		for (int number : this.rows.neededParts(row.id())) {
			ObjectKey part = ObjectKeys.part(row.id(), number);
			if (this.store.find(part).isEmpty() && this.rows.find(row.id()).filter(FileRow::isPending).isPresent()
					&& this.rows.neededParts(row.id()).contains(number)) {
				this.findings.add(Kind.NO_PART, row + ": " + part + " is missing");
			}
		}
	}

	/** Compares the multipart uploads that are open under a prefix. */
	void walkUploads(String prefix) {
		this.store.forEachUpload(prefix, this::compare);
	}

	private void compare(OpenUpload upload) {
		Optional<StoredName> name = StoredName.parse(upload.key());
		boolean isNamed = isProbe(upload.key()) || name.flatMap((one) -> this.rows.find(one.id()))
			.filter((row) -> !row.isAvailable() || upload.begun().isAfter(this.old))
			.filter((row) -> row.names(name.orElseThrow(), upload.begun(), this.old))
			.isPresent();
		if (!isNamed && isOpen(upload)) {
			String text = Printable.text(upload.key()) + ", begun at " + upload.begun();
			if (name.isPresent()) {
				this.findings.add(Kind.OPEN_UPLOAD, text, upload.begun(), () -> this.store.abort(upload));
			}
			else {
				this.findings.add(Kind.OPEN_UPLOAD, text + ", not by Stowage");
			}
		}
	}

	private boolean isOpen(OpenUpload upload) {
		boolean[] open = { false };
		this.store.forEachUpload(upload.key(), (other) -> open[0] |= other.id().equals(upload.id()));
		return open[0];
	}

	private static String describe(Listed object) {
		return Printable.text(object.key()) + " of " + object.size() + " bytes, written at " + object.modified();
	}

	long files() {
		return this.files;
	}

	long objects() {
		return this.objects;
	}

}
