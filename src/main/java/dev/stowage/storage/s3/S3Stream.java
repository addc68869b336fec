package dev.stowage.storage.s3;

import java.io.IOException;
import java.io.InputStream;

import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectStoreException;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * The body of an object. A failed read is reported as the store's failure, to distinguish
 * it from a failure of the client that receives the bytes.
 */
final class S3Stream extends InputStream {

	private final ResponseInputStream<GetObjectResponse> body;

	private final ObjectKey key;

	private boolean ended;

	S3Stream(ResponseInputStream<GetObjectResponse> body, ObjectKey key) {
		this.body = body;
		this.key = key;
	}

	@Override
	public int read() {
		byte[] one = new byte[1];
		return (read(one, 0, 1) < 0) ? -1 : one[0] & 0xFF;
	}

	@Override
	public int read(byte[] buffer, int offset, int length) {
		try {
			int count = this.body.read(buffer, offset, length);
			this.ended |= count < 0;
			return count;
		}
		catch (IOException | SdkException ex) {
			throw new ObjectStoreException("Reading " + this.key + " failed: " + ex, ex);
		}
	}

	/** Closes the connection if bytes are left, instead of reading them all. */
	@Override
	public void close() throws IOException {
		if (!this.ended) {
			this.body.abort();
		}
		this.body.close();
	}

}
