package dev.stowage.storage.embedded;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import dev.stowage.storage.DataDisk;
import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.StoreFullException;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import org.gaul.s3proxy.nio2blob.AbstractNio2BlobStore;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/**
 * The embedded engine's objects. They are accepted only while there is room for them, and
 * are forced to disk before the engine answers. Staged objects are not forced, because an
 * upload is acknowledged only once it is completed, which copies it.
 */
final class CarefulBlobStore extends ForwardingBlobStore {

	private static final String STAGED = "staging/";

	/** Keys whose uploads are continued, also by another process. */
	private static final Pattern CONTINUED = Pattern.compile("files/[^.]+\\.[0-9]+");

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
			// S3Proxy's own notes of an upload begin with a dot
			if (!request.key().startsWith(".")) {
				force(request.bucket(), request.key());
			}
			return answer;
		});
	}

	/** Accepts a part only if there is also room for the file that all parts become. */
	@Override
	public UploadPartResponse uploadMultipartPart(MultipartUpload upload, UploadPartRequest request,
			InputStream bytes) {
		return orFull(bytes, () -> {
			requireOpen(upload, bytes);
			long length = length(request.contentLength());
			long before = this.parts.computeIfAbsent(upload.id(), (id) -> arrived(upload));
			this.disk.requireRoomFor(before + length + length);
			UploadPartResponse answer = super.uploadMultipartPart(upload, request, new Watched(bytes));
			this.parts.merge(upload.id(), length, Long::sum);
			if (CONTINUED.matcher(upload.blobName()).matches()) {
				force(upload.containerName(), UnfinishedWrites.NOTE + upload.id());
				force(upload.containerName(), note(upload));
				force(upload.containerName(),
						AbstractNio2BlobStore.multipartPartName(upload.id(), upload.blobName(), request.partNumber()));
			}
			return answer;
		});
	}

	/** S3Proxy would keep a part of an upload that was aborted. */
	private void requireOpen(MultipartUpload upload, InputStream bytes) {
		if (!Files.exists(this.root.resolve(upload.containerName()).resolve(note(upload)))) {
			throw Refusal.noSuchUpload(bytes);
		}
	}

	/** Where S3Proxy notes that an upload exists. */
	private static String note(MultipartUpload upload) {
		return ".mpus-" + upload.id() + "-" + upload.blobName() + "-stub";
	}

	private long arrived(MultipartUpload upload) {
		return listMultipartUpload(upload).stream().mapToLong(CarefulBlobStore::size).sum();
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
			try (DataDisk.Promise room = this.disk.promise(arrived(upload))) {
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
		if (this.forced.isPresent() && !key.startsWith(STAGED)) {
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
				throw Refusal.full(body, ex);
			}
			throw ex;
		}
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
