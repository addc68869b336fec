package dev.stowage;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.stowage.support.Answer;
import dev.stowage.support.Caller;
import dev.stowage.support.Form;
import dev.stowage.support.HeldUpload;
import dev.stowage.support.Scrape;
import dev.stowage.support.SharedBacking;
import dev.stowage.support.StowageProcess;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import static dev.stowage.support.Soon.await;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Uploads that hold the shared memory and stop sending, on a server with a heap of 256
 * MiB: four parts fill the memory.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StalledUploadTests {

	private static final String METRICS = "metrics-0123456789abcdef";

	private static final int MIB = 1024 * 1024;

	private static final byte[] LARGE = form(20 * MIB);

	@TempDir
	static Path folder;

	private SharedBacking backing;

	private StowageProcess server;

	private Caller bob;

	private final List<HeldUpload> stalled = new ArrayList<>();

	@BeforeAll
	void start() throws Exception {
		this.backing = new SharedBacking(folder);
		this.server = StowageProcess.start(this.backing, folder, "stowage.metrics-key=" + METRICS,
				"stowage.api-keys=alice=" + StowageServer.ALICE + ",bob=" + StowageServer.BOB);
		this.bob = new Caller(this.server.url(), StowageServer.BOB);
	}

	@BeforeEach
	void begin() {
		await().until(() -> metric("stowage_upload_memory_free_bytes") == 32.0 * MIB);
		this.backing.clear();
	}

	@AfterEach
	void hangUp() throws IOException {
		for (HeldUpload upload : this.stalled) {
			upload.close();
		}
		this.stalled.clear();
	}

	@AfterAll
	void stop() throws IOException {
		this.server.close();
		this.backing.close();
	}

	private static byte[] form(int size) {
		return new Form().field("purpose", "user_data").file("a.bin", new byte[size]).bytes();
	}

	private void stall(int count) throws IOException {
		for (int i = 0; i < count; i++) {
			this.stalled.add(new HeldUpload(this.server.connect(), LARGE, 8 * MIB - 1_000));
		}
		double left = Math.max(0, 4 - count) * 8.0 * MIB;
		await().until(() -> metric("stowage_upload_memory_free_bytes") <= left);
	}

	private double metric(String name) {
		return Scrape.of(new Caller(this.server.url(), METRICS)).sum(name);
	}

	@Test
	void doNotKeepAnotherOwnersUploadWaiting() throws Exception {
		stall(4);
		long start = System.nanoTime();
		Answer answer = this.bob.upload(form(MIB));
		assertThat(answer.status()).isEqualTo(200);
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
		uploadAtOnce(8);
		// as many as the others' uploads needed, and no more
		int ended = 0;
		for (HeldUpload upload : this.stalled) {
			if (upload.isAnswered()) {
				ended++;
				assertThat(upload.answer()).startsWith("HTTP/1.1 408")
					.contains("application/problem+json")
					.contains("\"code\":\"upload_timeout\"")
					.contains("was too slow while others waited")
					.contains("\"type\":\"invalid_request_error\"")
					.contains("req_")
					.contains("Connection: close");
			}
			else {
				assertThat(upload.finish()).startsWith("HTTP/1.1 200");
			}
		}
		assertThat(ended).isPositive();
		await().until(() -> metric("stowage_upload_memory_free_bytes") == 32.0 * MIB);
		assertThat(metric("stowage_upload_memory_waiting")).isZero();
		List<String> listed = new ArrayList<>(this.bob.get("/v1/files").ids());
		listed.addAll(new Caller(this.server.url(), StowageServer.ALICE).get("/v1/files").ids());
		this.backing.requireNothingBut(listed);
	}

	private void uploadAtOnce(int count) throws Exception {
		List<Future<Answer>> answers = new ArrayList<>();
		try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
			for (int i = 0; i < count; i++) {
				answers.add(executor.submit(() -> this.bob.upload(LARGE)));
			}
		}
		for (Future<Answer> one : answers) {
			assertThat(one.get().status()).isEqualTo(200);
		}
	}

	@Test
	void goOnLaterIfNobodyNeedsTheirMemory() throws Exception {
		stall(2);
		for (int second = 0; second < 8; second++) {
			assertThat(this.bob.upload(form(16 * 1024)).status()).isEqualTo(200);
			assertThat(this.bob.upload(form(MIB)).status()).isEqualTo(200);
			Thread.sleep(1_000);
		}
		for (HeldUpload upload : this.stalled) {
			assertThat(upload.finish()).startsWith("HTTP/1.1 200");
		}
	}

}
