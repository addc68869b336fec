package dev.stowage.storage.embedded;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import dev.stowage.storage.DataDisk;
import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.StoreFullException;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/**
 * The embedded engine's objects. They are accepted only while there is room for them, and
 * are forced to disk before the engine answers. Staged objects are not forced, because an
 * upload is acknowledged only once it is completed, which copies it.
 */
final class CarefulBlobStore extends ForwardingBlobStore {

	private static final String STAGED = "staging/";

	private static final long MAX_DRAIN = 64 * 1024 * 1024;

	/** How many bytes of each upload in parts have arrived. */
	private final Map<String, Long> parts = new ConcurrentHashMap<>();

	private final Path root;

	private final DataDisk disk;

	private final Optional<ForcedFiles> forced;

	/**
	 * Wraps the objects in a folder.
	 * @param forced how they are forced to disk; absent: not at all
	 */
	CarefulBlobStore(BlobStore objects, Path root, DataDisk disk, Optional<ForcedFiles> forced) {
		super(objects);
		this.root = root;
		this.disk = disk;
		this.forced = forced;
	}

	@Override
	public PutObjectResponse putBlob(PutObjectRequest request, InputStream bytes) {
		// the few bytes that every delete depends on
		boolean needed = request.key().equals(ObjectKey.IDENTITY.value());
		return orFull(bytes, () -> {
			if (!needed) {
				this.disk.requireRoomFor(length(request.contentLength()));
			}
			PutObjectResponse answer = super.putBlob(request, needed ? bytes : new Watched(bytes));
			force(request.bucket(), request.key());
			return answer;
		});
	}

	/** Accepts a part only if there is also room for the file that all parts become. */
	@Override
	public UploadPartResponse uploadMultipartPart(MultipartUpload upload, UploadPartRequest request,
			InputStream bytes) {
		return orFull(bytes, () -> {
			long length = length(request.contentLength());
			long before = this.parts.getOrDefault(upload.id(), 0L);
			this.disk.requireRoomFor(before + length + length);
			UploadPartResponse answer = super.uploadMultipartPart(upload, request, new Watched(bytes));
			this.parts.merge(upload.id(), length, Long::sum);
			return answer;
		});
	}

	@Override
	public void abortMultipartUpload(MultipartUpload upload) {
		this.parts.remove(upload.id());
		super.abortMultipartUpload(upload);
	}

	/** The parts remain until they are copied into one file. */
	@Override
	@SuppressWarnings("try")
	public CompleteMultipartUploadResponse completeMultipartUpload(MultipartUpload upload,
			CompleteMultipartUploadRequest request) {
		return orFull(InputStream.nullInputStream(), () -> {
			long size = listMultipartUpload(upload).stream().mapToLong(CarefulBlobStore::size).sum();
			try (DataDisk.Promise room = this.disk.promise(size)) {
				CompleteMultipartUploadResponse answer = super.completeMultipartUpload(upload, request);
				this.parts.remove(upload.id());
				force(upload.containerName(), upload.blobName());
				return answer;
			}
		});
	}

	private static long size(Part part) {
		return length(part.size());
	}

	@Override
	@SuppressWarnings("try")
	public CopyObjectResponse copyBlob(CopyObjectRequest request) {
		return orFull(InputStream.nullInputStream(), () -> {
			HeadObjectRequest source = HeadObjectRequest.builder()
				.bucket(request.sourceBucket())
				.key(request.sourceKey())
				.build();
			try (DataDisk.Promise room = this.disk.promise(length(blobMetadata(source).contentLength()))) {
				CopyObjectResponse answer = super.copyBlob(request);
				force(request.destinationBucket(), request.destinationKey());
				return answer;
			}
		});
	}

	private static long length(@Nullable Long bytes) {
		return (bytes == null) ? 0 : bytes;
	}

	private void force(String bucket, String key) {
		// S3Proxy's own notes of an upload begin with a dot, and are useless after a
		// restart
		if (this.forced.isPresent() && !key.startsWith(STAGED) && !key.startsWith(".")) {
			try {
				this.forced.get().force(this.root.resolve(bucket).resolve(key), this.root);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
	}

	/** S3Proxy reports such an exception in S3's format. */
	private static <T> T orFull(InputStream body, Supplier<T> call) {
		try {
			return call.get();
		}
		catch (RuntimeException ex) {
			if (ex instanceof StoreFullException || DataDisk.isFull(ex)) {
				drain(body);
				throw refusal(ex);
			}
			throw ex;
		}
	}

	/**
	 * Otherwise a client that writes everything before it reads would see a broken
	 * connection.
	 */
	private static void drain(InputStream body) {
		byte[] buffer = new byte[8 * 1024];
		try {
			long left = MAX_DRAIN;
			for (int count = 0; count >= 0 && left > 0; left -= count) {
				count = body.read(buffer);
			}
		}
		catch (IOException ex) {
			// the client has disconnected and needs no answer
		}
	}

	private static RuntimeException refusal(Exception cause) {
		return Objects.requireNonNull(S3Exception.builder()
			.statusCode(StoreFullException.STATUS)
			.cause(cause)
			.awsErrorDetails(AwsErrorDetails.builder()
				.errorCode(StoreFullException.CODE)
				.errorMessage("The store has no room for this object. Delete files, or try again later.")
				.build())
			.build());
	}

	/**
	 * Fails when the floor is reached, so that an upload that began above it does not
	 * pass it.
	 */
	private final class Watched extends FilterInputStream {

		private Watched(InputStream bytes) {
			super(bytes);
		}

		@Override
		public int read() throws IOException {
			int next = super.read();
			CarefulBlobStore.this.disk.receive((next < 0) ? 0 : 1);
			return next;
		}

		@Override
		public int read(byte[] buffer, int offset, int length) throws IOException {
			int count = super.read(buffer, offset, length);
			CarefulBlobStore.this.disk.receive(Math.max(count, 0));
			return count;
		}

	}

}
