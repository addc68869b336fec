package dev.stowage.storage;

import java.util.List;

import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Object;

/** What is in a bucket, seen past the store. */
record BucketContents(S3Client client, String bucket) {

	/** The keys of all objects. */
	List<String> keys() {
		return this.client.listObjectsV2Paginator((request) -> request.bucket(this.bucket))
			.contents()
			.stream()
			.map(S3Object::key)
			.toList();
	}

	/** The keys of all multipart uploads that are open. */
	List<String> openUploads() {
		return this.client.listMultipartUploads((request) -> request.bucket(this.bucket))
			.uploads()
			.stream()
			.map(MultipartUpload::key)
			.toList();
	}

}
