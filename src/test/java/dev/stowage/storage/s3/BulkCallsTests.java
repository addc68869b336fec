package dev.stowage.storage.s3;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectStoreException;
import dev.stowage.storage.embedded.EmbeddedS3;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** How engines are handled that delete many objects badly, or not at all. */
class BulkCallsTests {

	@TempDir
	Path folder;

	private EmbeddedS3 engine;

	private FaultyS3 faults;

	private StoreUnderTest store;

	private final List<ObjectKey> keys = Stream.generate(Samples::newKey).limit(3).toList();

	@BeforeEach
	void start() throws Exception {
		this.engine = StoreUnderTest.startEmbedded(this.folder);
		this.faults = new FaultyS3(this.engine.connection().endpoint().orElseThrow());
		this.store = new StoreUnderTest(StoreUnderTest.at(this.faults.endpoint(), this.engine.connection()), 4);
		for (ObjectKey key : this.keys) {
			this.store.store().put(key, new ByteArrayInputStream(Samples.bytes(1)), 10);
		}
	}

	@AfterEach
	void stop() throws Exception {
		this.store.close();
		this.faults.close();
		this.engine.close();
	}

	@Test
	void deletesInOneCall() {
		assertThat(this.store.store().deleteAll(this.keys)).isEmpty();
		assertThat(this.faults.count(S3Call.DELETE_OBJECTS)).isOne();
		assertThat(this.faults.count(S3Call.DELETE_OBJECT)).isZero();
		assertAreGone();
	}

	@ParameterizedTest
	@CsvSource({ "501, NotImplemented", "405, MethodNotAllowed", "400, MalformedXML", "403, AccessDenied",
			"411, MissingContentLength" })
	void deletesOneByOneWhereTheEngineRefusesMoreAndDoesNotAskItEachTime(int status, String code) {
		this.faults.failAlways(S3Call.DELETE_OBJECTS, Fault.answer(status, code));
		assertThat(this.store.store().deleteAll(this.keys)).isEmpty();
		assertAreGone();
		assertThat(this.store.store().deleteAll(this.keys)).isEmpty();
		assertThat(this.faults.count(S3Call.DELETE_OBJECTS)).isOne();
		assertThat(this.faults.count(S3Call.DELETE_OBJECT)).isEqualTo(6);
	}

	@Test
	void takesNothingForDeletedThatTheAnswerDoesNotName() {
		this.faults.failAlways(S3Call.DELETE_OBJECTS, Fault.nothing(200));
		assertThat(this.store.store().deleteAll(this.keys)).isEmpty();
		assertAreGone();
		assertThat(this.faults.count(S3Call.DELETE_OBJECT)).isEqualTo(3);
	}

	@Test
	void namesThoseAloneThatTheAnswerRefuses() {
		ObjectKey locked = this.keys.get(1);
		this.faults.failAlways(S3Call.DELETE_OBJECTS, (head, in, exchange) -> {
			String body = "<DeleteResult><Deleted><Key>" + this.keys.get(0) + "</Key></Deleted><Error><Key>" + locked
					+ "</Key><Code>AccessDenied</Code><Message>It is locked</Message></Error><Error><Key>"
					+ this.keys.get(2) + "</Key><Code>NoSuchKey</Code></Error></DeleteResult>";
			exchange.answer("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/xml\r\n"
					+ "Content-Length: " + body.length() + "\r\n\r\n" + body);
			exchange.reset();
		});
		assertThat(this.store.store().deleteAll(this.keys))
			.containsExactly(Map.entry(locked, "AccessDenied: It is locked"));
		assertThat(this.faults.count(S3Call.DELETE_OBJECT)).isZero();
	}

	@Test
	void namesThoseThatAreRefusedOneByOne() {
		this.faults.failAlways(S3Call.DELETE_OBJECTS, Fault.answer(501, "NotImplemented"));
		this.faults.fail(S3Call.DELETE_OBJECT, 2, 2, Fault.answer(403, "AccessDenied"));
		assertThat(this.store.store().deleteAll(this.keys)).containsOnlyKeys(this.keys.get(1));
	}

	@ParameterizedTest
	@ValueSource(ints = { 500, 503 })
	void failsWhenTheStoreFailsAndDoesNotTryEachKey(int status) {
		this.faults.failAlways(S3Call.DELETE_OBJECTS, Fault.answer(status, "InternalError"));
		assertThatExceptionOfType(ObjectStoreException.class).isThrownBy(() -> this.store.store().deleteAll(this.keys));
		assertThat(this.faults.count(S3Call.DELETE_OBJECT)).isZero();
		this.faults.recover();
		this.faults.failAlways(S3Call.DELETE_OBJECTS, Fault.answer(501, "NotImplemented"));
		this.faults.failAlways(S3Call.DELETE_OBJECT, Fault.answer(status, "InternalError"));
		assertThatExceptionOfType(ObjectStoreException.class).isThrownBy(() -> this.store.store().deleteAll(this.keys));
		assertThat(this.faults.count(S3Call.DELETE_OBJECT)).isLessThanOrEqualTo(4);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void takesNoEmptyAnswerForAnEmptyListing(boolean first) {
		this.faults.failAlways(S3Call.LIST_OBJECTS, Fault.nothing(200));
		Optional<String> after = first ? Optional.empty() : Optional.of("tests/a");
		assertThatExceptionOfType(ObjectStoreException.class)
			.isThrownBy(() -> this.store.store().list("tests/", after, 10));
	}

	@Test
	void endsAListingThatDoesNotGoOn() {
		this.faults.failAlways(S3Call.LIST_OBJECTS, (head, in, exchange) -> {
			String body = "<ListBucketResult><IsTruncated>true</IsTruncated><Contents><Key>tests/a</Key><Size>1</Size>"
					+ "<LastModified>2026-01-01T00:00:00Z</LastModified></Contents></ListBucketResult>";
			exchange.answer("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/xml\r\n"
					+ "Content-Length: " + body.length() + "\r\n\r\n" + body);
			exchange.reset();
		});
		assertThat(this.store.store().list("tests/", Optional.empty(), 1).next()).contains("tests/a");
		assertThatExceptionOfType(ObjectStoreException.class)
			.isThrownBy(() -> this.store.store().list("tests/", Optional.of("tests/a"), 1));
	}

	private void assertAreGone() {
		assertThat(this.keys).allSatisfy((key) -> assertThat(this.store.store().find(key)).isEmpty());
	}

}
