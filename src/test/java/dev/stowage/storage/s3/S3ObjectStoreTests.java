package dev.stowage.storage.s3;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import dev.stowage.storage.ObjectInfo;
import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectStore;
import dev.stowage.storage.ObjectStoreException;
import dev.stowage.storage.embedded.EmbeddedS3;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** How a failure of the store differs from a missing object. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class S3ObjectStoreTests {

	private final ObjectKey key = Samples.newKey();

	@TempDir
	static Path folder;

	private EmbeddedS3 engine;

	private FaultyS3 faults;

	@BeforeAll
	void start() throws Exception {
		this.engine = StoreUnderTest.startEmbedded(folder);
		this.faults = new FaultyS3(this.engine.connection().endpoint().orElseThrow());
	}

	@AfterEach
	void recover() {
		this.faults.recover();
	}

	@AfterAll
	void stop() throws Exception {
		this.faults.close();
		this.engine.close();
	}

	@Test
	void everyCallFailsWhenTheStoreIsOutOfReach() throws Exception {
		URI nobody;
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			nobody = URI.create("http://127.0.0.1:" + socket.getLocalPort());
		}
		try (StoreUnderTest away = new StoreUnderTest(StoreUnderTest.at(nobody, this.engine.connection()), 4)) {
			assertEveryCallFails(away.store());
			assertThatStoreFails(() -> away.store().find(this.key));
			assertThatStoreFails(() -> away.store().ping());
		}
	}

	@Test
	void everyCallFailsWhenTheStoreRefusesUs() {
		S3Connection connection = this.engine.connection();
		S3Connection wrong = new S3Connection(connection.endpoint(), connection.publicEndpoint(), connection.region(),
				true, true, connection.bucket(), StaticCredentialsProvider.create(AwsBasicCredentials.create("a", "b")),
				() -> {
				});
		try (StoreUnderTest refused = new StoreUnderTest(wrong, 4)) {
			assertEveryCallFails(refused.store());
			assertThatStoreFails(() -> refused.store().find(this.key));
			assertThatStoreFails(() -> refused.store().ping());
		}
	}

	@Test
	void missingBucketIsNoAbsentObject() {
		S3Connection connection = this.engine.connection();
		S3Connection wrong = new S3Connection(connection.endpoint(), connection.publicEndpoint(), connection.region(),
				true, true, "another-bucket", connection.credentials(), () -> {
				});
		try (StoreUnderTest unmounted = new StoreUnderTest(wrong, 4)) {
			ObjectStore store = unmounted.store();
			ObjectInfo known = new ObjectInfo(this.key, 1, "d41d8cd98f00b204e9800998ecf8427e");
			assertThatStoreFails(() -> store.put(this.key, Samples.stream(Samples.bytes(1)), 1));
			assertThatStoreFails(() -> store.open(this.key, 1, 0, 1));
			assertThatStoreFails(() -> store.open(known));
			assertThatStoreFails(() -> store.copy(known, Samples.newKey()));
			assertThatStoreFails(store::ping);
		}
	}

	@Test
	void deletesNothingWhereTheBucketIsSaidToBeMissing() {
		this.faults.failAlways(S3Call.DELETE_OBJECT, Fault.answer(404, "NoSuchBucket"));
		this.faults.failAlways(S3Call.LIST_UPLOADS, Fault.answer(404, "NoSuchBucket"));
		S3Connection connection = StoreUnderTest.at(this.faults.endpoint(), this.engine.connection());
		try (StoreUnderTest unmounted = new StoreUnderTest(connection, 4)) {
			assertThatStoreFails(() -> unmounted.store().delete(this.key));
			assertThatStoreFails(() -> unmounted.store().deleteUploads(this.key));
		}
	}

	@Test
	void everyCallFailsWhenTheClientIsClosed() {
		StoreUnderTest closed = new StoreUnderTest(this.engine.connection(), 4);
		closed.close();
		assertEveryCallFails(closed.store());
		assertThatStoreFails(() -> closed.store().find(this.key));
		assertThatStoreFails(() -> closed.store().ping());
	}

	@Test
	void signsWithoutAskingTheStore() {
		S3Connection connection = StoreUnderTest.at(this.faults.endpoint(), this.engine.connection());
		try (StoreUnderTest store = new StoreUnderTest(connection, 4)) {
			// which probes the store, once
			store.store().signPut(this.key, Duration.ofMinutes(1));
			this.faults.recover();
			URI put = store.store().signPut(this.key, Duration.ofMinutes(1)).url();
			URI get = store.store().signGet(this.key, Duration.ofMinutes(1), "text/plain", "inline").url();
			assertThat(List.of(put, get)).allSatisfy((url) -> {
				assertThat(url.getPath()).isEqualTo("/" + connection.bucket() + "/" + this.key);
				assertThat(url.getQuery()).contains("X-Amz-Expires=60");
			});
		}
		assertThat(this.faults.seen()).isEmpty();
	}

	@Test
	@Timeout(20)
	void pingGivesUpOnStoreThatSaysNothing() {
		CountDownLatch gate = new CountDownLatch(1);
		this.faults.failAlways(S3Call.OTHER, (head, in, exchange) -> gate.await());
		S3Connection connection = StoreUnderTest.at(this.faults.endpoint(), this.engine.connection());
		try (StoreUnderTest silent = new StoreUnderTest(connection, 4)) {
			assertThatStoreFails(() -> silent.store().ping());
		}
		gate.countDown();
	}

	@Test
	void abortsAllOpenUploadsThoughSomebodyElseDoesSoToo() {
		S3Connection connection = StoreUnderTest.at(this.faults.endpoint(), this.engine.connection());
		try (StoreUnderTest store = new StoreUnderTest(connection, 4)) {
			store.openUpload(this.key);
			store.openUpload(this.key);
			this.faults.fail(S3Call.ABORT_UPLOAD, 1, 1, Fault.answer(404, "NoSuchUpload"));
			store.store().deleteUploads(this.key);
			assertThat(this.faults.count(S3Call.ABORT_UPLOAD)).isEqualTo(2);
			assertThat(store.openUploads(this.key)).hasSize(1);
			store.store().deleteUploads(this.key);
			assertThat(store.openUploads(this.key)).isEmpty();
		}
	}

	private void assertEveryCallFails(ObjectStore store) {
		ObjectInfo known = new ObjectInfo(this.key, 1, "d41d8cd98f00b204e9800998ecf8427e");
		assertThatStoreFails(() -> store.put(this.key, Samples.stream(Samples.bytes(1)), 1));
		assertThatStoreFails(() -> store.put(this.key, Samples.stream(Samples.bytes(Samples.BUFFER + 1)), 1L << 30));
		assertThatStoreFails(() -> store.open(this.key, 1, 0, 1));
		assertThatStoreFails(() -> store.open(known));
		assertThatStoreFails(() -> store.copy(known, Samples.newKey()));
		assertThatStoreFails(() -> store.delete(this.key));
		assertThatStoreFails(() -> store.deleteUploads(this.key));
	}

	private static void assertThatStoreFails(ThrowingCallable call) {
		assertThatExceptionOfType(ObjectStoreException.class).isThrownBy(call);
	}

}
