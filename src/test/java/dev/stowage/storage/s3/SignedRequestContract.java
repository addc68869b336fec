package dev.stowage.storage.s3;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectStore;
import dev.stowage.storage.SignedRequest;
import dev.stowage.support.ObjectHeaders;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.stowage.support.Soon.await;
import static org.assertj.core.api.Assertions.assertThat;

/** What a bare HTTP client can do with a signed URL, and what it cannot. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SignedRequestContract {

	private static final Duration MINUTE = Duration.ofMinutes(1);

	private static final String TYPE = "application/json";

	private static final String DISPOSITION = "attachment; filename=\"na_ve _.json\"; filename*=UTF-8''na%C3%AFve%20%E2%82%AC.json";

	private static final byte[] BYTES = { 'a', 'b', 'c' };

	private static final byte[] OTHER = { 'x' };

	private final HttpClient http = HttpClient.newHttpClient();

	private final Deque<AutoCloseable> opened = new ArrayDeque<>();

	private StoreUnderTest subject;

	protected abstract S3Connection connect() throws Exception;

	@BeforeAll
	void open() throws Exception {
		S3Connection connection = connect();
		this.opened.push(connection::close);
		this.subject = new StoreUnderTest(connection, 4);
		this.opened.push(this.subject);
	}

	@AfterAll
	void close() throws Exception {
		this.http.close();
		// after a failed assumption there is nothing to close
		for (AutoCloseable resource : this.opened) {
			resource.close();
		}
	}

	@AfterEach
	void allBuffersAreBack() {
		assertThat(this.subject.memory().available()).isEqualTo(this.subject.memory().capacity());
	}

	@ParameterizedTest
	@ValueSource(strings = { TYPE, "", "text/plain; charset=utf-8", "application/x-www-form-urlencoded" })
	void putsToSignedUrlWithAnyContentTypeOrNone(String type) throws Exception {
		ObjectKey key = Samples.newStagingKey();
		SignedRequest signed = store().signPut(key, MINUTE);
		assertThat(signed.method()).isEqualTo("PUT");
		assertThat(signed.validity()).isEqualTo(MINUTE);
		HttpRequest.Builder request = HttpRequest.newBuilder(signed.url());
		if (!type.isEmpty()) {
			request.header("Content-Type", type);
		}
		request.PUT(HttpRequest.BodyPublishers.ofByteArray(BYTES));
		assertThat(status(request)).isEqualTo(200);
		assertHolds(key, BYTES);
	}

	@Test
	void putsToTheSameUrlAgainWhileItLives() throws Exception {
		ObjectKey key = Samples.newStagingKey();
		URI url = store().signPut(key, MINUTE).url();
		assertThat(send("PUT", url, BYTES)).isEqualTo(200);
		assertThat(send("PUT", url, OTHER)).isEqualTo(200);
		assertHolds(key, OTHER);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 3, 5_000 })
	void putsExactlyTheSignedLength(int length) throws Exception {
		ObjectKey key = Samples.newStagingKey();
		SignedRequest signed = store().signPut(key, MINUTE, length);
		assertThat(signed.headers()).doesNotContainKeys("content-length", "Content-Length");
		for (int other : new int[] { length - 1, length + 1, 2 * length }) {
			assertThat(statusOfRefused(signed, HttpRequest.BodyPublishers.ofByteArray(new byte[other]))).isEqualTo(403);
		}
		assertThat(statusOfRefused(signed,
				HttpRequest.BodyPublishers.ofInputStream(() -> Samples.stream(new byte[length]))))
			.isIn(403, 411);
		assertThat(store().find(key)).isEmpty();
		assertThat(send("PUT", signed.url(), Samples.bytes(length))).isEqualTo(200);
		assertHolds(key, Samples.bytes(length));
	}

	/**
	 * An engine may close the connection on which it did not read a body, and the client
	 * may notice that before it has read the answer.
	 */
	private static int statusOfRefused(SignedRequest signed, HttpRequest.BodyPublisher body) throws Exception {
		try (HttpClient once = HttpClient.newHttpClient()) {
			return once
				.send(HttpRequest.newBuilder(signed.url()).PUT(body).build(), HttpResponse.BodyHandlers.discarding())
				.statusCode();
		}
		catch (IOException ex) {
			return 403;
		}
	}

	@Test
	void getsWithSignedTypeAndDisposition() throws Exception {
		ObjectKey key = Samples.newStagingKey();
		SignedRequest signed = store().signGet(key, MINUTE, TYPE, DISPOSITION);
		put(key, BYTES);
		HttpResponse<byte[]> answer = this.http.send(HttpRequest.newBuilder(signed.url()).build(),
				HttpResponse.BodyHandlers.ofByteArray());
		assertThat(answer.statusCode()).isEqualTo(200);
		assertThat(answer.body()).isEqualTo(BYTES);
		assertThat(answer.headers().firstValue("Content-Type")).contains(TYPE);
		assertThat(answer.headers().firstValue("Content-Disposition")).contains(DISPOSITION);
	}

	@Test
	void refusesExpiredUrls() throws Exception {
		ObjectKey key = Samples.newStagingKey();
		put(key, BYTES);
		URI put = store().signPut(key, Duration.ofSeconds(1)).url();
		URI get = store().signGet(key, Duration.ofSeconds(1), TYPE, DISPOSITION).url();
		await().atMost(Duration.ofSeconds(10)).until(() -> send("GET", get, new byte[0]) == 403);
		assertThat(send("PUT", put, OTHER)).isEqualTo(403);
		assertHolds(key, BYTES);
	}

	@Test
	void refusesTamperedSignature() throws Exception {
		ObjectKey key = Samples.newStagingKey();
		put(key, BYTES);
		for (SignedRequest signed : both(key)) {
			String url = signed.url().toString();
			char last = url.charAt(url.length() - 1);
			assertThat(url.substring(url.lastIndexOf('&'))).startsWith("&X-Amz-Signature=");
			URI tampered = URI.create(url.substring(0, url.length() - 1) + ((last == '0') ? '1' : '0'));
			assertThat(send(signed.method(), tampered, OTHER)).isEqualTo(403);
		}
		assertHolds(key, BYTES);
	}

	@Test
	void refusesTamperedExpiry() throws Exception {
		ObjectKey key = Samples.newStagingKey();
		put(key, BYTES);
		for (SignedRequest signed : both(key)) {
			URI tampered = URI.create(signed.url().toString().replace("X-Amz-Expires=60", "X-Amz-Expires=6000"));
			assertThat(tampered).isNotEqualTo(signed.url());
			assertThat(send(signed.method(), tampered, OTHER)).isEqualTo(403);
		}
		assertHolds(key, BYTES);
	}

	@Test
	void refusesAnotherKey() throws Exception {
		ObjectKey key = Samples.newStagingKey();
		ObjectKey other = Samples.newStagingKey();
		put(other, BYTES);
		for (SignedRequest signed : both(key)) {
			URI tampered = URI.create(signed.url().toString().replace(key.value(), other.value()));
			assertThat(tampered).isNotEqualTo(signed.url());
			assertThat(send(signed.method(), tampered, OTHER)).isEqualTo(403);
		}
		assertHolds(other, BYTES);
	}

	@Test
	void refusesAnotherMethod() throws Exception {
		ObjectKey key = Samples.newStagingKey();
		put(key, BYTES);
		URI put = store().signPut(key, MINUTE).url();
		URI get = store().signGet(key, MINUTE, TYPE, DISPOSITION).url();
		assertThat(send("GET", put, new byte[0])).isEqualTo(403);
		assertThat(send("DELETE", put, new byte[0])).isEqualTo(403);
		assertThat(send("PUT", get, OTHER)).isBetween(400, 499);
		assertThat(send("DELETE", get, new byte[0])).isBetween(400, 499);
		assertHolds(key, BYTES);
	}

	@ParameterizedTest
	@ValueSource(strings = { "x-amz-copy-source", "X-Amz-Copy-Source", "X-AMZ-COPY-SOURCE" })
	void copiesNothingForWhoeverHasUploadUrl(String header) throws Exception {
		ObjectKey finished = Samples.newKey();
		ObjectKey staged = Samples.newStagingKey();
		put(finished, BYTES);
		put(staged, BYTES);
		for (ObjectKey theirs : List.of(finished, staged)) {
			String path = this.subject.connection().bucket() + "/" + theirs;
			for (String source : List.of(path, "/" + path, "/" + path + "?versionId=null")) {
				assertRefused(header, source);
			}
		}
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '~', textBlock = """
			x-amz-acl, public-read
			X-AMZ-ACL, public-read-write
			x-amz-acl, authenticated-read
			x-amz-grant-read, uri="http://acs.amazonaws.com/groups/global/AllUsers"
			x-amz-grant-read-acp, uri="http://acs.amazonaws.com/groups/global/AllUsers"
			x-amz-grant-write-acp, uri="http://acs.amazonaws.com/groups/global/AllUsers"
			x-amz-grant-full-control, uri="http://acs.amazonaws.com/groups/global/AllUsers"
			""")
	void publishesNothingForWhoeverHasUploadUrl(String header, String value) throws Exception {
		assertRefused(header, value);
	}

	private void assertRefused(String header, String value) throws Exception {
		ObjectKey key = Samples.newStagingKey();
		URI url = store().signPut(key, MINUTE).url();
		for (byte[] body : List.of(OTHER, new byte[0])) {
			HttpRequest.Builder request = HttpRequest.newBuilder(url)
				.header(header, value)
				.PUT(HttpRequest.BodyPublishers.ofByteArray(body));
			assertThat(status(request)).as(header).isIn(403, 501);
		}
		assertThat(store().find(key)).isEmpty();
	}

	@Test
	void findsNoHeaderThatIsMisusable() {
		assertThat(this.subject.probe().misusable()).isEmpty();
	}

	@Test
	void copyKeepsNothingThatClientSetOnItsPut() throws Exception {
		ObjectKey key = Samples.newStagingKey();
		HttpRequest.Builder request = HttpRequest.newBuilder(store().signPut(key, MINUTE).url())
			.header("Content-Type", "text/html")
			.header("Cache-Control", "max-age=31536000")
			.header("Content-Disposition", "inline")
			.header("Content-Encoding", "gzip")
			.header("Content-Language", "de")
			.header("Expires", "Thu, 01 Dec 2033 16:00:00 GMT")
			.PUT(HttpRequest.BodyPublishers.ofByteArray(BYTES));
		assertThat(status(request)).isEqualTo(200);
		ObjectKey copy = Samples.newKey();
		assertThat(store().copy(store().find(key).orElseThrow(), copy)).isPresent();
		HttpResponse<byte[]> answer = this.http.send(
				HttpRequest.newBuilder(store().signGet(copy, MINUTE, TYPE, DISPOSITION).url()).build(),
				HttpResponse.BodyHandlers.ofByteArray());
		assertThat(answer.body()).isEqualTo(BYTES);
		assertThat(answer.headers().firstValue("Content-Type")).contains(TYPE);
		assertThat(answer.headers().firstValue("Content-Disposition")).contains(DISPOSITION);
		assertThat(answer.headers().map()).doesNotContainKeys("cache-control", "content-encoding", "content-language",
				"expires");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = ObjectHeaders.PLAIN)
	void copyDropsEachHeaderThatClientSetOnItsPut(String header, String value) throws Exception {
		ObjectKey key = Samples.newStagingKey();
		HttpRequest.Builder request = HttpRequest.newBuilder(store().signPut(key, MINUTE).url())
			.header(header, value)
			.PUT(HttpRequest.BodyPublishers.ofByteArray(BYTES));
		assertThat(status(request)).isEqualTo(200);
		assertHolds(key, BYTES);
		assertCopyIsPlain(key, header, value);
	}

	/** They are not signed, so most engines refuse them. */
	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = ObjectHeaders.AMAZON)
	void copyDropsEachPropertyThatClientSetOnItsPut(String header, String value) throws Exception {
		ObjectKey key = Samples.newStagingKey();
		HttpRequest.Builder request = HttpRequest.newBuilder(store().signPut(key, MINUTE).url())
			.header(header, value)
			.PUT(HttpRequest.BodyPublishers.ofByteArray(BYTES));
		if (status(request) == 200) {
			assertCopyIsPlain(key, header, value);
		}
		else {
			assertThat(store().find(key)).isEmpty();
		}
	}

	private void assertCopyIsPlain(ObjectKey key, String header, String value) throws Exception {
		ObjectKey copy = Samples.newKey();
		assertThat(store().copy(store().find(key).orElseThrow(), copy)).isPresent();
		assertHolds(copy, BYTES);
		HttpResponse<byte[]> answer = this.http
			.send(HttpRequest.newBuilder(store().signGet(copy, MINUTE, TYPE, DISPOSITION).url())
				.header("Accept-Encoding", "gzip, deflate, br")
				.build(), HttpResponse.BodyHandlers.ofByteArray());
		assertThat(answer.body()).isEqualTo(BYTES);
		assertThat(answer.headers().firstValue("Content-Type")).contains(TYPE);
		assertThat(answer.headers().firstValue("Content-Disposition")).contains(DISPOSITION);
		assertThat(answer.headers().map()).doesNotContainKeys("content-encoding", "cache-control", "content-language",
				"expires");
		assertThat(answer.headers().firstValue(header)).as(header).isNotEqualTo(Optional.of(value));
	}

	@Test
	void keepsSignedUrlOutOfItsText() {
		for (SignedRequest signed : both(Samples.newStagingKey())) {
			assertThat(signed.url().getQuery()).contains("X-Amz-Signature=");
			assertThat(signed.toString()).contains(signed.method()).doesNotContain("Signature").doesNotContain("://");
		}
	}

	StoreUnderTest subject() {
		return this.subject;
	}

	ObjectStore store() {
		return this.subject.store();
	}

	void openUpload(ObjectKey key) {
		assertThat(this.subject.openUpload(key)).isNotBlank();
	}

	List<String> openUploads(ObjectKey key) {
		return this.subject.openUploads(key);
	}

	void put(ObjectKey key, byte[] bytes) throws Exception {
		assertThat(store().put(key, Samples.stream(bytes), bytes.length)).isEqualTo(bytes.length);
	}

	void assertHolds(ObjectKey key, byte[] bytes) throws Exception {
		try (InputStream stored = store().open(store().find(key).orElseThrow()).orElseThrow()) {
			assertThat(stored.readAllBytes()).isEqualTo(bytes);
		}
	}

	private List<SignedRequest> both(ObjectKey key) {
		return List.of(store().signPut(key, MINUTE), store().signGet(key, MINUTE, TYPE, DISPOSITION));
	}

	private int send(String method, URI url, byte[] body) throws Exception {
		return status(HttpRequest.newBuilder(url)
			.method(method, (body.length == 0) ? HttpRequest.BodyPublishers.noBody()
					: HttpRequest.BodyPublishers.ofByteArray(body)));
	}

	/** An engine may close a connection that was kept, such as after a refusal. */
	private int status(HttpRequest.Builder request) throws Exception {
		try {
			return this.http.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
		}
		catch (IOException ex) {
			return this.http.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
		}
	}

}
