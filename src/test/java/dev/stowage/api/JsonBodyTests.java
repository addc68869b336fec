package dev.stowage.api;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.stowage.http.ServerBusyException;
import dev.stowage.storage.s3.Samples;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpStatus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/** Bodies that are JSON objects: their sizes, and the types of their members. */
class JsonBodyTests {

	/** As stores give it, with quotes, for a part that was itself sent in parts. */
	private static final String TAG = "\"0123456789abcdef0123456789abcdef-5\"";

	/** How many long bodies may be read at the same time, by this heap. */
	private static final int PLACES = (int) Math.max(4, Runtime.getRuntime().maxMemory() / 16 / JsonBody.MAX_LIST_SIZE);

	@ParameterizedTest
	@ValueSource(strings = { "{\"number\":%d,\"etag\":\"\\\"0123456789abcdef0123456789abcdef-5\\\"\"}",
			"{\"number\": %d, \"etag\": \"\\\"0123456789abcdef0123456789abcdef-5\\\"\"}",
			"{\"number\" : %d, \"etag\" : \"\\u00220123456789abcdef0123456789abcdef-5\\u0022\"}" })
	void readsTenThousandQuotedTags(String part) throws IOException {
		String parts = IntStream.rangeClosed(1, 10_000).mapToObj(part::formatted).collect(Collectors.joining(", "));
		List<JsonBody> read = readList("{\"parts\": [" + parts + "]}").requiredObjects("parts");
		assertThat(read).hasSize(10_000);
		assertThat(read.getLast().requiredWholeNumber("number")).isEqualTo(10_000);
		assertThat(read).allSatisfy((one) -> assertThat(one.requiredText("etag")).isEqualTo(TAG));
	}

	@ParameterizedTest
	@ValueSource(ints = { 100, JsonBody.MAX_SIZE, JsonBody.MAX_LIST_SIZE })
	void readsAsManyBytesAsItMay(int size) throws IOException {
		assertThat(read(bytes(ofSize(size)), size).requiredText("x")).hasSize(size - "{'x':''}".length());
		assertThatExceptionOfType(RequestException.class).isThrownBy(() -> read(bytes(ofSize(size + 1)), size))
			.withMessage("The JSON body may have at most " + size + " bytes. It is for a test.")
			.satisfies((ex) -> {
				assertThat(ex.status()).isEqualTo(HttpStatus.CONTENT_TOO_LARGE);
				assertThat(ex.code()).isEqualTo("validation_error");
			});
	}

	private static String ofSize(int size) {
		return "{\"x\":\"" + "x".repeat(size - "{'x':''}".length()) + "\"}";
	}

	@Test
	void refusesALongBodyWhileOthersHoldTheirShareOfTheHeap() throws Exception {
		CountDownLatch ends = new CountDownLatch(1);
		List<HeldBody> held = new ArrayList<>();
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			try {
				HeldBody next = new HeldBody(ends, threads);
				while (next.isBeingRead()) {
					held.add(next);
					next = new HeldBody(ends, threads);
				}
				assertThat(held).hasSize(PLACES);
				assertThat(next.result).failsWithin(Duration.ofSeconds(10));
				assertThatExceptionOfType(ServerBusyException.class)
					.isThrownBy(() -> readList(ofSize(JsonBody.MAX_SIZE + 1)));
				assertThat(readList(ofSize(JsonBody.MAX_SIZE)).text("x")).isPresent();
			}
			finally {
				ends.countDown();
			}
			for (HeldBody one : held) {
				assertThat(one.result.get().text("x")).contains("y");
			}
		}
		assertThat(readList(ofSize(JsonBody.MAX_LIST_SIZE)).text("x")).isPresent();
	}

	@Test
	void countsABodyWhoseClientVanishedNoLonger() throws IOException {
		for (int i = 0; i <= PLACES; i++) {
			InputStream broken = Samples.streamThen(JsonBody.MAX_SIZE + 1, () -> {
				throw new IOException("gone");
			});
			assertThatIOException().isThrownBy(() -> read(broken, JsonBody.MAX_LIST_SIZE)).withMessage("gone");
		}
		assertThat(readList(ofSize(JsonBody.MAX_LIST_SIZE)).text("x")).isPresent();
	}

	@Test
	void countsMembersThatAreNullAsMissing() throws IOException {
		for (String json : List.of("{}", "{\"x\": null, \"other\": 1}")) {
			JsonBody body = readList(json);
			assertThat(body.text("x")).isEmpty();
			assertThat(body.wholeNumber("x")).isEmpty();
			assertThat(body.isTrue("x")).isFalse();
			assertThat(body.json("x")).isEmpty();
			List<Consumer<JsonBody>> required = List.of((one) -> one.requiredText("x"),
					(one) -> one.requiredWholeNumber("x"), (one) -> one.requiredTexts("x"),
					(one) -> one.requiredObjects("x"));
			required.forEach((member) -> requireRefused(() -> member.accept(body), "'x' is a required property"));
		}
	}

	@ParameterizedTest
	@FieldSource("wrongTypes")
	void refusesMembersOfAnotherType(String value, Consumer<JsonBody> member, String message) throws IOException {
		JsonBody body = readList("{\"x\": " + value + "}");
		requireRefused(() -> member.accept(body), message);
	}

	static final List<Arguments> wrongTypes = Stream
		.of(wrong((body) -> body.text("x"), "'x' must be a string", "1", "true", "[]", "{}"),
				wrong((body) -> body.wholeNumber("x"), "'x' must be a whole number", "\"1\"", "1.0", "1e3", "true",
						"9223372036854775808", "1" + "0".repeat(65_000)),
				wrong((body) -> body.isTrue("x"), "'x' must be true or false", "\"true\"", "1", "[]"),
				wrong((body) -> body.requiredTexts("x"), "'x' must be an array of strings", "\"a\"", "{\"a\": \"b\"}",
						"[\"a\", 1]", "[\"a\", null]", "[[\"a\"]]"),
				wrong((body) -> body.requiredObjects("x"), "'x' must be an array of objects", "\"a\"", "1",
						"{\"a\": {}}", "[{}, 1]", "[{}, null]", "[[{}]]"))
		.flatMap(List::stream)
		.toList();

	private static List<Arguments> wrong(Consumer<JsonBody> member, String message, String... values) {
		return Stream.of(values).map((value) -> arguments(value, member, message)).toList();
	}

	@Test
	void readsMembersOfTheirTypes() throws IOException {
		JsonBody body = readList("""
				{"text": "a\\u00e9", "number": 9223372036854775807, "yes": true, "no": false,
				"texts": ["a", ""], "objects": [{"number": 1}, {}], "json": {"b": [1.50, null]}}""");
		assertThat(body.requiredText("text")).isEqualTo("a\u00e9");
		assertThat(body.requiredWholeNumber("number")).isEqualTo(Long.MAX_VALUE);
		assertThat(body.isTrue("yes")).isTrue();
		assertThat(body.isTrue("no")).isFalse();
		assertThat(body.requiredTexts("texts")).containsExactly("a", "");
		assertThat(body.requiredObjects("objects")).extracting((one) -> one.wholeNumber("number"))
			.containsExactly(OptionalLong.of(1), OptionalLong.empty());
		assertThat(body.json("json")).contains("{\"b\":[1.5,null]}");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "null", "1", "\"x\"", "[]", "{", "{\"x\": 1", "{'x': 1}", "{\"x\": 1,}" })
	void refusesWhatIsNoObject(String json) {
		requireRefused(() -> readList(json), "The body must be a JSON object such as {\"x\": \"y\"}.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "[", "{\"x\":" })
	void refusesADeepBody(String open) {
		requireRefused(() -> readList(open.repeat(70_000)), "The body must be a JSON object such as {\"x\": \"y\"}.");
	}

	@Test
	void refusesMoreTokensThanTheLongestListHas() {
		requireRefused(() -> readList("{\"x\": [" + "1,".repeat(100_000) + "1]}"),
				"The body must be a JSON object such as {\"x\": \"y\"}.");
	}

	private static void requireRefused(ThrowingCallable call, String message) {
		assertThatExceptionOfType(RequestException.class).isThrownBy(call)
			.withMessage(message)
			.satisfies((ex) -> assertThat(ex.status()).isEqualTo(HttpStatus.BAD_REQUEST));
	}

	private static JsonBody readList(String json) throws IOException {
		return read(bytes(json), JsonBody.MAX_LIST_SIZE);
	}

	private static InputStream bytes(String json) {
		return new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8));
	}

	private static JsonBody read(InputStream body, int maxSize) throws IOException {
		return JsonBody.read(body, maxSize, "It is for a test.", "{\"x\": \"y\"}");
	}

	/** A long body whose client pauses before its last bytes. */
	private static final class HeldBody extends InputStream {

		private final CountDownLatch ends;

		private final CompletableFuture<Boolean> beingRead = new CompletableFuture<>();

		private final CompletableFuture<JsonBody> result;

		private final InputStream start = bytes(" ".repeat(JsonBody.MAX_SIZE + 1));

		private final InputStream end = bytes("{\"x\": \"y\"}");

		private HeldBody(CountDownLatch ends, Executor threads) {
			this.ends = ends;
			this.result = CompletableFuture.supplyAsync(() -> {
				try {
					return JsonBodyTests.read(this, JsonBody.MAX_LIST_SIZE);
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
				finally {
					this.beingRead.complete(false);
				}
			}, threads);
		}

		/** Waits until it is read as far as it was sent, or refused. */
		private boolean isBeingRead() throws Exception {
			return this.beingRead.get(10, TimeUnit.SECONDS);
		}

		@Override
		public int read(byte[] buffer, int offset, int length) throws IOException {
			if (length == 0) {
				return 0;
			}
			int count = this.start.read(buffer, offset, length);
			if (count > 0) {
				return count;
			}
			this.beingRead.complete(true);
			try {
				this.ends.await();
			}
			catch (InterruptedException ex) {
				throw new InterruptedIOException();
			}
			return this.end.read(buffer, offset, length);
		}

		@Override
		public int read() {
			throw new UnsupportedOperationException();
		}

	}

}
