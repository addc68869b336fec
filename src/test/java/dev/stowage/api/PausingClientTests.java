package dev.stowage.api;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import dev.stowage.storage.s3.NamedEngine;
import dev.stowage.storage.s3.Samples;
import dev.stowage.storage.s3.TestStore;
import dev.stowage.support.Answer;
import dev.stowage.support.Backing;
import dev.stowage.support.Form;
import dev.stowage.support.SlowSocket;
import dev.stowage.support.StowageServer;
import dev.stowage.support.SystemProperties;
import dev.stowage.support.TcpProxy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Clients that pause or are slow, at a store that waits for them and at one that does
 * not. They all begin at the same time, because most of them only wait.
 */
@ParameterizedClass(name = "{0}")
@EnumSource(PausingClientTests.Engine.class)
class PausingClientTests {

	/** More than all buffers between the store and a client hold. */
	private static final int SIZE = 24 * 1024 * 1024;

	private static final byte[] CONTENT = Samples.bytes(SIZE);

	private static final int SOME = 1024 * 1024;

	private static final Duration SILENCE = Duration.ofSeconds(5);

	private static final Duration PAUSE = SILENCE.dividedBy(2);

	@Parameter
	Engine engine;

	@TempDir
	static Path folder;

	private static @Nullable Running running;

	private static final ExecutorService patient = Executors.newSingleThreadExecutor();

	/** It takes as long as all others together, so it begins before them. */
	private static @Nullable Future<?> longPause;

	@BeforeParameterizedClassInvocation
	static void start(Engine engine) throws Exception {
		if (longPause == null) {
			// one start at a time, as in any process
			Running usual = Running.of(StowageServer.start(Files.createTempDirectory(folder, "usual")));
			longPause = patient.submit(() -> {
				pauseForLong(usual);
				return null;
			});
		}
		running = engine.start(Files.createTempDirectory(folder, "data"));
		running().begin(engine);
	}

	@AfterParameterizedClassInvocation
	static void stop() throws Exception {
		running().close();
	}

	private static Running running() {
		return Objects.requireNonNull(running);
	}

	@ParameterizedTest
	@EnumSource
	void areServedAsTheyAre(Client client) throws Exception {
		assumeTrue(client.concerns(this.engine), "Another store has its own limits");
		running().await(client);
	}

	@Test
	void meetAStoreThatDoesNotWait() throws Exception {
		assumeTrue(this.engine == Engine.IMPATIENT, "The embedded store waits");
		running().await(Client.PAUSES_ONCE);
		assertThat(running().proxy().orElseThrow().ended()).isPositive();
	}

	@Test
	void mayPauseFor35SecondsAtTheEmbeddedStore() throws Exception {
		assumeTrue(this.engine == Engine.IMPATIENT, "Awaited with the last tests");
		Objects.requireNonNull(longPause).get(2, TimeUnit.MINUTES);
		patient.shutdown();
	}

	/** With the usual settings, longer than the engine's own limit. */
	private static void pauseForLong(Running usual) throws Exception {
		try (usual;
				SlowSocket reader = usual.reader();
				SlowSocket byLink = SlowSocket.get(usual.link(), CONTENT);
				SlowSocket writer = SlowSocket.put(usual.grantUrl(), 5)) {
			reader.head();
			byLink.head();
			reader.take(SOME);
			byLink.take(SOME);
			writer.send("[1,".getBytes(StandardCharsets.US_ASCII));
			Thread.sleep(35_000);
			writer.send("2]".getBytes(StandardCharsets.US_ASCII));
			assertThat(writer.head()).startsWith("HTTP/1.1 200");
			reader.takeRest();
			byLink.takeRest();
		}
	}

	/** A minimum rate for uploads does not concern readers. */
	@Test
	@Tag("long")
	void mayReadSteadilyAt10KilobytesASecond() throws Exception {
		assumeTrue(this.engine == Engine.EMBEDDED, "Another store has its own limits");
		try (Running usual = Running
			.of(StowageServer.start(Files.createTempDirectory(folder, "usual"), "stowage.min-upload-rate=1MB"));
				SlowSocket reader = usual.reader();
				SlowSocket byLink = SlowSocket.get(usual.link(), CONTENT)) {
			reader.head();
			byLink.head();
			for (int i = 0; i < 1_300; i++) {
				reader.take(1_000);
				byLink.take(1_000);
				Thread.sleep(100);
			}
			reader.takeRest();
			byLink.takeRest();
		}
	}

	enum Engine {

		/** As the server includes it. */
		EMBEDDED {
			@Override
			Running start(Path data) {
				return Running.of(StowageServer.start(data, SETTINGS));
			}
		},

		/**
		 * Behind a proxy that ends connections whose client takes nothing for a second.
		 */
		IMPATIENT {
			@Override
			Running start(Path data) throws Exception {
				TestStore store = NamedEngine.isThere() ? Backing.DISTRIBUTED.store(data)
						: TestStore.embedded(Files.createDirectory(data.resolve("engine")));
				TcpProxy proxy = new TcpProxy(store.endpoint().getPort());
				proxy.endUnread(Duration.ofSeconds(1));
				SystemProperties properties = new SystemProperties()
					.set("aws.accessKeyId", store.credentials().accessKeyId())
					.set("aws.secretAccessKey", store.credentials().secretAccessKey());
				StowageServer server = StowageServer.start(data,
						store.settings(SETTINGS[0], SETTINGS[1], "stowage.s3.endpoint=http://127.0.0.1:" + proxy.port(),
								"stowage.s3.public-endpoint=" + store.endpoint()));
				return Running.of(server, Optional.of(store), Optional.of(proxy), properties);
			}
		};

		private static final String[] SETTINGS = { "stowage.upload-timeout=" + SILENCE.toSeconds() + "s",
				"stowage.min-upload-rate=2MB" };

		abstract Running start(Path data) throws Exception;

	}

	/** What a client does, and how it must end. */
	enum Client {

		PAUSES_ONCE {
			@Override
			void act(Running at) throws Exception {
				try (SlowSocket reader = at.reader()) {
					assertThat(reader.head()).startsWith("HTTP/1.1 200");
					reader.take(SOME);
					Thread.sleep(PAUSE);
					reader.takeRest();
				}
			}
		},

		PAUSES_SEVERAL_TIMES {
			@Override
			void act(Running at) throws Exception {
				try (SlowSocket reader = at.reader()) {
					assertThat(reader.head()).startsWith("HTTP/1.1 200");
					for (int i = 0; i < 4; i++) {
						reader.take(SIZE / 8);
						Thread.sleep(PAUSE);
					}
					reader.takeRest();
				}
			}
		},

		READS_THE_BEGINNING {
			@Override
			void act(Running at) throws Exception {
				readRange(at, "0-19999999", 0, 20_000_000);
			}
		},

		READS_THE_END {
			@Override
			void act(Running at) throws Exception {
				readRange(at, "1000000-", 1_000_000, SIZE);
			}
		},

		READS_THE_LAST_BYTES {
			@Override
			void act(Running at) throws Exception {
				readRange(at, "-20000000", SIZE - 20_000_000, SIZE);
			}
		},

		IS_SLOW {
			@Override
			void act(Running at) throws Exception {
				try (SlowSocket reader = at.reader()) {
					assertThat(reader.head()).startsWith("HTTP/1.1 200");
					reader.takeSlowly(SILENCE.multipliedBy(3), 800_000);
					reader.takeRest();
				}
			}
		},

		HAS_A_LINK {
			@Override
			void act(Running at) throws Exception {
				try (SlowSocket reader = SlowSocket.get(at.link(), CONTENT)) {
					assertThat(reader.head()).startsWith("HTTP/1.1 200");
					for (int i = 0; i < 3; i++) {
						reader.takeSlowly(PAUSE, 800_000);
						Thread.sleep(PAUSE);
						reader.take(SIZE / 8);
					}
					reader.takeRest();
				}
			}
		},

		SENDS_TO_AN_UPLOAD_URL {
			@Override
			void act(Running at) throws Exception {
				byte[] json = ("[\"" + "x".repeat(2_000_000) + "\"]").getBytes(StandardCharsets.US_ASCII);
				Answer grant = at.grant();
				try (SlowSocket writer = SlowSocket.put(URI.create(grant.text("upload_url")), json.length)) {
					writer.send(Arrays.copyOf(json, json.length / 2));
					Thread.sleep(PAUSE);
					writer.send(Arrays.copyOfRange(json, json.length / 2, json.length - 1));
					Thread.sleep(PAUSE);
					writer.send(new byte[] { ']' });
					assertThat(writer.head()).startsWith("HTTP/1.1 200");
				}
				String file = "/v1/files/" + grant.text("id");
				assertThat(at.server().alice().post(file + "/complete").status()).isEqualTo(200);
				Answer content = at.server().alice().get(file + "/content", "Accept", "application/octet-stream");
				assertThat(content.bytes()).isEqualTo(json);
			}
		},

		SENDS_FEW_BYTES {
			@Override
			void act(Running at) throws Exception {
				try (SlowSocket writer = SlowSocket.put(at.grantUrl(), 3)) {
					writer.send(new byte[] { '[', '1' });
					Thread.sleep(PAUSE);
					writer.send(new byte[] { ']' });
					assertThat(writer.head()).startsWith("HTTP/1.1 200");
				}
			}
		},

		TAKES_NOTHING {
			@Override
			void act(Running at) throws Exception {
				takeNothing(at.reader());
			}
		},

		TAKES_NOTHING_BY_LINK {
			@Override
			boolean concerns(Engine engine) {
				return engine == Engine.EMBEDDED;
			}

			@Override
			void act(Running at) throws Exception {
				takeNothing(SlowSocket.get(at.link(), CONTENT));
			}
		},

		SENDS_NOTHING {
			@Override
			boolean concerns(Engine engine) {
				return engine == Engine.EMBEDDED;
			}

			@Override
			void act(Running at) throws Exception {
				try (SlowSocket writer = SlowSocket.put(at.grantUrl(), 1_000)) {
					Thread.sleep(SILENCE.multipliedBy(3));
					writer.send(new byte[1_000]);
					assertThat(writer.head()).doesNotStartWith("HTTP/1.1 2");
				}
				catch (IOException ex) {
					// the connection was closed
				}
			}
		},

		READS_WHAT_IS_REPLACED {
			@Override
			boolean concerns(Engine engine) {
				return engine == Engine.IMPATIENT;
			}

			@Override
			void act(Running at) throws Exception {
				String id = at.upload();
				try (SlowSocket reader = SlowSocket.get(at.server(), "/v1/files/" + id + "/content", CONTENT)) {
					assertThat(reader.head()).startsWith("HTTP/1.1 200");
					reader.take(SOME);
					Thread.sleep(PAUSE);
					at.store().orElseThrow().replace("files/" + id, new byte[SIZE]);
					reader.takeRestInVain();
				}
			}
		};

		abstract void act(Running at) throws Exception;

		boolean concerns(Engine engine) {
			return true;
		}

		private static void takeNothing(SlowSocket client) throws Exception {
			try (SlowSocket reader = client) {
				assertThat(reader.head()).startsWith("HTTP/1.1 200");
				Thread.sleep(SILENCE.multipliedBy(3));
				reader.takeRestInVain();
			}
		}

		private static void readRange(Running at, String range, int from, int to) throws Exception {
			try (SlowSocket reader = SlowSocket.get(at.server(), at.content(), Arrays.copyOfRange(CONTENT, from, to),
					"Range: bytes=" + range)) {
				assertThat(reader.head()).startsWith("HTTP/1.1 206");
				reader.take(SOME);
				Thread.sleep(PAUSE);
				reader.takeRest();
			}
		}

	}

	/** A server with one file, and clients. */
	record Running(StowageServer server, Optional<TestStore> store, Optional<TcpProxy> proxy,
			SystemProperties properties, String content, ExecutorService executor,
			Map<Client, Future<?>> outcomes) implements AutoCloseable {

		private static Running of(StowageServer server) {
			return of(server, Optional.empty(), Optional.empty(), new SystemProperties());
		}

		private static Running of(StowageServer server, Optional<TestStore> store, Optional<TcpProxy> proxy,
				SystemProperties properties) {
			return new Running(server, store, proxy, properties, "/v1/files/" + upload(server) + "/content",
					Executors.newCachedThreadPool(), new EnumMap<>(Client.class));
		}

		private void begin(Engine engine) {
			for (Client client : Client.values()) {
				if (client.concerns(engine)) {
					this.outcomes.put(client, this.executor.submit(() -> {
						client.act(this);
						return null;
					}));
				}
			}
		}

		private void await(Client client) throws Exception {
			Objects.requireNonNull(this.outcomes.get(client)).get(2, TimeUnit.MINUTES);
		}

		private SlowSocket reader() throws IOException {
			return SlowSocket.get(this.server, this.content, CONTENT);
		}

		private String upload() {
			return upload(this.server);
		}

		private static String upload(StowageServer server) {
			return server.alice().upload(new Form().field("purpose", "user_data").file("a", CONTENT)).text("id");
		}

		private URI link() {
			return URI.create(this.server.alice().get(this.content + "?expires_in=600").text("download_url"));
		}

		private Answer grant() {
			return this.server.alice().post("/v1/files", "{\"filename\": \"a.json\"}");
		}

		private URI grantUrl() {
			return URI.create(grant().text("upload_url"));
		}

		@Override
		public void close() throws IOException {
			this.executor.shutdownNow();
			this.server.close();
			if (this.proxy.isPresent()) {
				this.proxy.get().close();
			}
			if (this.store.isPresent()) {
				this.store.get().close();
			}
			this.properties.close();
		}

	}

}
