package dev.stowage.api.resumable;

import java.util.function.Consumer;

import dev.stowage.api.UploadHeaders;
import dev.stowage.http.fields.StructuredItem;
import dev.stowage.http.overload.ClientBody;
import dev.stowage.upload.append.AppendProperties;
import dev.stowage.upload.append.AppendedUploads;
import dev.stowage.upload.pending.UploadId;
import jakarta.servlet.http.HttpServletRequest;

/**
 * The interim responses (104) to one request: where the upload is, and how much of it is
 * kept. Only clients that announce an interop version get them, because others take one
 * for the answer. Their number is limited, so that they fit into the buffers of a
 * connection whose client reads nothing before it has sent everything.
 */
final class InterimResponses {

	static final String VERSION = "Upload-Draft-Interop-Version";

	private static final int OLDEST = 6;

	private static final int NEWEST = 9;

	private static final String STATUS = "HTTP/1.1 104 Upload Resumption Supported\r\n";

	private static final long FIRST_STEP = 4L << 20;

	/** After as many, the step doubles. */
	private static final int STEPS = 128;

	private final Consumer<String> connection;

	private final int version;

	private final boolean isOn;

	private long told;

	private long step = FIRST_STEP;

	private int count;

	/**
	 * Those to a client.
	 * @param connection sends one
	 * @param version the interop version that the client announces
	 * @param isOn whether the client gets any
	 * @param offset which the client knows
	 */
	InterimResponses(Consumer<String> connection, int version, boolean isOn, long offset) {
		this.connection = connection;
		this.version = version;
		this.isOn = isOn;
		this.told = offset;
	}

	/**
	 * Those to a request.
	 * @param offset which the client knows
	 */
	static InterimResponses to(HttpServletRequest request, ClientBody body, AppendProperties properties, long offset) {
		int version = version(request);
		boolean isOn = version > 0 && properties.resumable().interimResponses()
				&& "HTTP/1.1".equals(request.getProtocol());
		return new InterimResponses(body::sendInterim, version, isOn, offset);
	}

	/** The interop version that a client announces; 0 if it is none of the known ones. */
	static int version(HttpServletRequest request) {
		long version = StructuredItem.size(UploadHeaders.lines(request, VERSION)).orElse(0);
		return (version >= OLDEST && version <= NEWEST) ? (int) version : 0;
	}

	/** Whether the client gets any. */
	boolean isOn() {
		return this.isOn;
	}

	/** Says where a new upload continues. */
	void tell(UploadId upload, AppendedUploads uploads) {
		send("Location: " + UploadHeaders.location(upload) + "\r\n" + UploadLimit.HEADER + ": "
				+ UploadLimit.ofAny(uploads, this.version) + "\r\n");
	}

	/** Says how much is kept, if that is much more than the client knows. */
	synchronized void kept(long offset) {
		if (offset - this.told < this.step) {
			return;
		}
		this.told = offset;
		this.count++;
		if (this.count % STEPS == 0) {
			this.step *= 2;
		}
		send(UploadHeaders.OFFSET + ": " + offset + "\r\n");
	}

	private void send(String headers) {
		if (this.isOn) {
			this.connection.accept(STATUS + VERSION + ": " + this.version + "\r\n" + headers + "\r\n");
		}
	}

}
