package dev.stowage;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import dev.stowage.support.Caller;
import dev.stowage.support.RetryingClient;
import dev.stowage.support.SharedBacking;
import dev.stowage.support.StowageProcess;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/** Two instances are restarted in turn, repeatedly, while clients use both. */
@Tag("long")
class RollingRestartTests {

	private static final Logger logger = LoggerFactory.getLogger(RollingRestartTests.class);

	/** A restart of both takes 20 seconds on a small machine. */
	private static final int ROUNDS = Integer.getInteger("test.restarts", 1);

	private static final int CLIENTS = 8;

	private static final int MAX_BYTES = 300_000;

	@TempDir
	Path folder;

	private final AtomicBoolean loading = new AtomicBoolean(true);

	private final List<StowageProcess> copies = new ArrayList<>();

	private SharedBacking backing;

	@BeforeEach
	void start() throws Exception {
		this.backing = new SharedBacking(this.folder);
		this.copies.add(StowageProcess.start(this.backing, this.folder));
		this.copies.add(StowageProcess.start(this.backing, this.folder));
	}

	@AfterEach
	void close() throws IOException {
		this.copies.forEach(StowageProcess::close);
		this.backing.close();
	}

	@Test
	void losesNoAcknowledgedFileAndFailsNothingThatARetryWouldNotMend() throws Exception {
		List<URI> urls = this.copies.stream().map(StowageProcess::url).toList();
		Map<String, byte[]> acknowledged = new HashMap<>();
		try (ExecutorService executor = Executors.newFixedThreadPool(CLIENTS)) {
			List<Future<Map<String, byte[]>>> clients = IntStream.range(0, CLIENTS)
				.mapToObj((number) -> executor.submit(() -> use(urls, new Random(number))))
				.toList();
			try {
				restartInTurn();
			}
			finally {
				this.loading.set(false);
			}
			for (Future<Map<String, byte[]>> client : clients) {
				acknowledged.putAll(client.get());
			}
		}
		logger.info("{} acknowledged files after {} restarts", acknowledged.size(), 2 * ROUNDS);
		RetryingClient reader = new RetryingClient(urls, new Random(0));
		List<String> listed = reader.get("/v1/files").ids();
		assertThat(acknowledged).hasSizeGreaterThan(10);
		assertThat(listed).containsAll(acknowledged.keySet());
		acknowledged.forEach((id,
				content) -> assertThat(new Caller(urls.getFirst(), StowageServer.ALICE)
					.get("/v1/files/" + id + "/content", "Accept", "application/octet-stream")
					.bytes()).isEqualTo(content));
		requireNothingButListed(Set.copyOf(listed));
	}

	private void restartInTurn() throws Exception {
		for (int restart = 0; restart < 2 * ROUNDS; restart++) {
			StowageProcess copy = this.copies.get(restart % 2);
			copy.terminate();
			assertThat(copy.awaitEnd()).isEqualTo(StowageProcess.TERMINATED);
			assertThat(copy.output()).doesNotContain("ERROR").doesNotContain("\tat ");
			this.copies.set(restart % 2, StowageProcess.start(copy.port(), this.backing, this.folder));
		}
	}

	/** Returns the files that were acknowledged and not deleted. */
	private Map<String, byte[]> use(List<URI> urls, Random random) {
		RetryingClient client = new RetryingClient(urls, random);
		Map<String, byte[]> acknowledged = new HashMap<>();
		while (this.loading.get()) {
			byte[] json = ("\"" + "x".repeat(random.nextInt(MAX_BYTES)) + "\"").getBytes(StandardCharsets.UTF_8);
			switch (random.nextInt(4)) {
				case 0 -> acknowledged.put(client.uploadPresigned(new String(json, StandardCharsets.UTF_8)), json);
				case 1 -> {
					String id = client.upload(json);
					client.get("/v1/files/" + id);
					client.delete(id);
				}
				default -> acknowledged.put(client.upload(json), json);
			}
		}
		logger.info("{} files by a client that sent {} requests again", acknowledged.size(), client.retries());
		return acknowledged;
	}

	private void requireNothingButListed(Set<String> listed) {
		this.copies.forEach(StowageProcess::close);
		try (StowageServer other = StowageServer.start(this.folder, this.backing.settings())) {
			for (int round = 0; round < 2; round++) {
				other.clock().move(Duration.ofHours(2));
				other.sweep();
			}
			assertThat(Set.copyOf(other.alice().get("/v1/files").ids())).isEqualTo(listed);
		}
		this.backing.requireNothingBut(listed);
	}

}
