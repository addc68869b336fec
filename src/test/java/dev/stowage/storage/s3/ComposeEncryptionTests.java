package dev.stowage.storage.s3;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import dev.stowage.storage.ObjectInfo;
import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectRange;
import dev.stowage.storage.ObjectStore;
import dev.stowage.storage.StorageProperties.Encryption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** A store that refuses each object that is created without the headers of encryption. */
class ComposeEncryptionTests {

	private static final int PART = 5 * 1024 * 1024;

	private static final Encryption ENCRYPTION = new Encryption("aws:kms", Optional.of("key-1"));

	@Test
	void everyComposedObjectIsEncrypted(@TempDir Path folder) throws Exception {
		try (LenientEngine engine = LenientEngine.start(folder, "id", "secret");
				FaultyS3 front = new FaultyS3(engine.endpoint());
				StoreUnderTest subject = new StoreUnderTest(connection(front), 4)) {
			for (S3Call write : List.of(S3Call.PUT_OBJECT, S3Call.CREATE_UPLOAD, S3Call.COPY_OBJECT)) {
				front.failAlways(write, Fault.unlessIts(ENCRYPTION.headers(), Fault.NONE));
			}
			ObjectRange large = put(subject.store(), PART);
			ObjectRange small = put(subject.store(), 10);
			for (List<ObjectRange> sources : List.of(List.of(large), List.of(small, small), List.of(large, small))) {
				assertThat(subject.store().compose(sources, Samples.newKey(), "alice", () -> {
				})).isPresent();
			}
			assertThat(front.seen()).contains(S3Call.COPY_OBJECT, S3Call.COPY_PART);
		}
	}

	/** Ceph 16 does not copy what it has encrypted. */
	@Test
	void composesWhatTheStoreHasEncrypted() throws Exception {
		assumeTrue(System.getProperty("test.s3.ceph") != null, "SKIPPED: no engine here has a key to encrypt with");
		S3Connection plain = NamedEngine.withOneCredential("stowage-test-encrypted");
		S3Connection encrypting = new S3Connection(plain.endpoint(), plain.publicEndpoint(), plain.region(), true, true,
				plain.bucket(), plain.credentials(), Optional.empty(),
				Optional.of(new Encryption("aws:kms", Optional.of("tests"))), () -> {
				});
		try (StoreUnderTest subject = new StoreUnderTest(encrypting, 4)) {
			ObjectRange large = put(subject.store(), PART);
			ObjectRange small = put(subject.store(), 10);
			for (List<ObjectRange> sources : List.of(List.of(large), List.of(small), List.of(small, small),
					List.of(large, large.part(7, 100), large))) {
				ObjectInfo composed = subject.store().compose(sources, Samples.newKey(), "alice", () -> {
				}).orElseThrow();
				try (ResponseInputStream<GetObjectResponse> stored = subject.client()
					.getObject((request) -> request.bucket(plain.bucket()).key(composed.key().value()))) {
					assertThat(stored.response().serverSideEncryption()).isEqualTo(ServerSideEncryption.AWS_KMS);
					for (ObjectRange source : sources) {
						assertThat(stored.readNBytes((int) source.length()))
							.isEqualTo(Arrays.copyOfRange(Samples.bytes((int) source.size()), (int) source.offset(),
									(int) (source.offset() + source.length())));
					}
					assertThat(stored.read()).isEqualTo(-1);
				}
			}
		}
	}

	private static ObjectRange put(ObjectStore store, int size) throws Exception {
		ObjectKey key = Samples.newKey();
		store.put(key, Samples.stream(Samples.bytes(size)), size);
		return ObjectRange.of(store.find(key).orElseThrow());
	}

	private static S3Connection connection(FaultyS3 front) {
		return new S3Connection(Optional.of(front.endpoint()), Optional.empty(), Region.US_EAST_1, true, true, "bucket",
				StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret")), Optional.empty(),
				Optional.of(ENCRYPTION), () -> {
				});
	}

}
