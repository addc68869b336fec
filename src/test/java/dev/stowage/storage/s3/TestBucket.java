package dev.stowage.storage.s3;

import java.util.List;

import dev.stowage.storage.ObjectKey;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A bucket that tests can inspect without the store. */
public abstract class TestBucket {

	final S3Connection connection;

	final S3Client client;

	TestBucket(S3Connection connection, S3Client client) {
		this.connection = connection;
		this.client = client;
	}

	/** The keys of all objects in the bucket except the identity. */
	public List<String> keys() {
		return this.client.listObjectsV2Paginator((request) -> request.bucket(this.connection.bucket()))
			.contents()
			.stream()
			.map(S3Object::key)
			.filter((key) -> !key.equals(ObjectKey.IDENTITY.value()))
			.toList();
	}

	/** Replaces the bytes of an object, as only damage does. */
	public void replace(String key, byte[] bytes) {
		this.client.putObject((request) -> request.bucket(this.connection.bucket()).key(key),
				RequestBody.fromBytes(bytes));
	}

	/** Removes an object. */
	public void remove(String key) {
		this.client.deleteObject((request) -> request.bucket(this.connection.bucket()).key(key));
	}

	/** Begins a multipart upload, and leaves it open. */
	public void beginUpload(String key) {
		this.client.createMultipartUpload((request) -> request.bucket(this.connection.bucket()).key(key));
	}

	/** Ends all of them. */
	public void abortOpenUploads() {
		this.client.listMultipartUploads((request) -> request.bucket(this.connection.bucket()))
			.uploads()
			.forEach((upload) -> this.client.abortMultipartUpload((request) -> request.bucket(this.connection.bucket())
				.key(upload.key())
				.uploadId(upload.uploadId())));
	}

	/** The keys of all multipart uploads that are open. */
	public List<String> openUploads() {
		return this.client.listMultipartUploads((request) -> request.bucket(this.connection.bucket()))
			.uploads()
			.stream()
			.map(MultipartUpload::key)
			.toList();
	}

}
