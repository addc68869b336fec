package dev.stowage.faults;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.stowage.faults.Ledger.Entry;
import dev.stowage.faults.Ledger.State;
import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.s3.TestStore;
import dev.stowage.support.Leftovers;
import tools.jackson.databind.JsonNode;

/** Compares what the server lists and its bucket holds with what clients know. */
final class Audit implements AutoCloseable {

	/**
	 * Deadlines of a minute at most, and the two minutes of a claim whose sweeper died.
	 */
	private static final Duration SWEPT = Duration.ofMinutes(4);

	private static final int STEP_MILLIS = 1_000;

	private final Server server;

	private final Ledger ledger;

	private final Api api;

	private final Set<String> lost = new LinkedHashSet<>();

	private final Set<String> wrong = new LinkedHashSet<>();

	private final Set<String> orphans = new LinkedHashSet<>();

	private Optional<TestStore> bucket = Optional.empty();

	Audit(Server server, Ledger ledger) {
		this.server = server;
		this.ledger = ledger;
		this.api = new Api(server.url(), Seen.ofServer(200), Seen.ofStore(200));
	}

	long acknowledged() {
		return this.ledger.acknowledged();
	}

	/** Acknowledged files that are missing. */
	Collection<String> lost() {
		this.lost.addAll(this.ledger.missed());
		return this.lost;
	}

	/** Files that are incomplete, or should not exist. */
	Collection<String> wrong() {
		this.wrong.addAll(this.ledger.damaged());
		return this.wrong;
	}

	/** What is left of files that do not exist. */
	Collection<String> orphans() {
		return this.orphans;
	}

	/**
	 * Compares everything that is listed, while no request is in progress. Files whose
	 * outcome was unknown are known from then on.
	 * @param again whether content is read that was read before
	 */
	void compare(boolean again) throws IOException, InterruptedException {
		Map<String, JsonNode> listed = list();
		for (Entry entry : this.ledger.entries()) {
			Optional<JsonNode> file = Optional.ofNullable(listed.remove(entry.content.name()));
			if (file.isPresent()) {
				present(entry, file.get(), again);
			}
			else {
				absent(entry);
			}
		}
		listed.keySet().forEach((name) -> this.wrong.add("never sent: " + name));
		this.server.world().miscounted().forEach((owner) -> this.wrong.add("usage of " + owner));
	}

	private void present(Entry entry, JsonNode file, boolean again) throws IOException, InterruptedException {
		String id = file.path("id").asString();
		String what = entry.content.name() + " " + id + ", which is " + entry.state;
		if (entry.state == State.GONE || entry.state == State.REFUSED || (!entry.id.isEmpty() && !entry.id.equals(id))
				|| file.path("bytes").asInt() != entry.content.size()) {
			this.wrong.add(what + ", is listed as " + file);
			return;
		}
		if (again || !entry.verified) {
			Reply content = this.api.content(id, entry.content.json());
			entry.verified = content.status() == 200 && entry.isOf(content.body());
			if (!entry.verified) {
				this.wrong.add(what + ", has other content: " + content.status());
			}
		}
		if (entry.state != State.HELD) {
			this.ledger.hold(entry, id);
		}
	}

	private void absent(Entry entry) {
		switch (entry.state) {
			case HELD -> this.lost.add(entry.content.name() + " " + entry.id);
			case SENT -> entry.state = State.REFUSED;
			case LEAVING -> entry.state = State.GONE;
			case GONE, REFUSED -> {
			}
		}
	}

	private Map<String, JsonNode> list() throws IOException, InterruptedException {
		Map<String, JsonNode> byName = new LinkedHashMap<>();
		String after = "";
		do {
			Reply page = this.api.list(after);
			if (page.status() != 200) {
				throw new IOException("No list: " + page);
			}
			page.json().path("data").forEach((file) -> {
				if (byName.put(file.path("filename").asString(), file) != null) {
					this.wrong.add("listed twice: " + file);
				}
			});
			after = page.json().path("has_more").asBoolean() ? page.text("last_id") : "";
		}
		while (!after.isEmpty());
		return byName;
	}

	/** Waits until the sweeper is done, and returns how long the bucket took. */
	Duration awaitSwept() throws IOException, InterruptedException {
		long start = System.nanoTime();
		while (!leftInBucket().isEmpty() && System.nanoTime() - start < SWEPT.toNanos()) {
			Thread.sleep(STEP_MILLIS);
		}
		this.orphans.addAll(leftInBucket());
		Duration swept = Duration.ofNanos(System.nanoTime() - start);
		long rowsFrom = System.nanoTime();
		while (this.server.world().unfinishedRows() > 0 && System.nanoTime() - rowsFrom < SWEPT.toNanos()) {
			this.server.world().letAnHourPass();
			Thread.sleep(STEP_MILLIS);
		}
		if (this.server.world().unfinishedRows() > 0) {
			this.orphans.add("unfinished rows: " + this.server.world().unfinishedRows());
		}
		this.orphans.addAll(leftInBucket());
		return swept;
	}

	/** Everything in the bucket except one object for each listed file. */
	private List<String> leftInBucket() throws IOException, InterruptedException {
		Set<String> ids = new LinkedHashSet<>();
		Set<String> all = new LinkedHashSet<>();
		list().values().forEach((file) -> ids.add(file.path("id").asString()));
		all.addAll(ids);
		List<String> left = new ArrayList<>();
		for (String key : bucket().keys()) {
			// what a killed start has left is removed once a day
			if (!key.contains("/" + ObjectKey.PROBE) && !ids.remove(Leftovers.idIn(key))) {
				left.add("object " + key);
			}
		}
		ids.forEach((id) -> left.add("no object for " + id));
		bucket().openUploads().forEach((key) -> left.add("open upload " + key));
		List<Path> onDisk = this.server.world().filesOfEmbeddedEngine();
		if (left.isEmpty() && onDisk.size() > all.size()) {
			List<Path> hidden = onDisk.stream()
				.filter((file) -> all.stream().noneMatch(file.toString()::contains))
				.toList();
			left.add(onDisk.size() - all.size() + " files of the embedded engine that S3 does not show: "
					+ (hidden.isEmpty() ? onDisk : hidden));
		}
		return left;
	}

	private TestStore bucket() {
		TestStore its = this.bucket.orElseGet(() -> this.server.world().bucket());
		this.bucket = Optional.of(its);
		return its;
	}

	@Override
	public void close() throws IOException {
		if (this.bucket.isPresent()) {
			this.bucket.get().close();
		}
	}

}
