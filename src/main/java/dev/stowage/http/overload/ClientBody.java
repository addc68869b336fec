package dev.stowage.http.overload;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.function.UnaryOperator;

import dev.stowage.http.HttpProperties;
import dev.stowage.http.MinimumRate;
import dev.stowage.http.TooSlowException;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;

/**
 * The body of a request, whichever controller reads it. It must come at a minimum rate,
 * otherwise a read throws {@link TooSlowException}. A body is short and its client is not
 * waited for long, unless it is said to be an upload.
 */
public final class ClientBody extends ServletInputStream {

	private final ServletInputStream raw;

	/** Negative if it is known only at the end. */
	private final long length;

	private final Conversation conversation;

	private final HttpProperties properties;

	/** The raw body, or the stream through which it is read. */
	private InputStream bytes;

	private boolean readThrough;

	private MinimumRate rate;

	private InputStream measured;

	private long received;

	/** Read by any thread. */
	private volatile boolean ended;

	ClientBody(ServletInputStream raw, long length, Conversation conversation, HttpProperties properties) {
		this.raw = raw;
		this.length = length;
		this.conversation = conversation;
		this.properties = properties;
		this.bytes = raw;
		this.rate = MinimumRate.ofShortBodies(properties);
		this.measured = this.rate.enforcedOn(raw);
	}

	/** The body of a request that was let in. */
	public static ClientBody of(HttpServletRequest request) throws IOException {
		if (request.getInputStream() instanceof ClientBody body) {
			return body;
		}
		throw new IllegalStateException("The request did not come through the filter that lets it in");
	}

	/** Expects a long body from a client that may be slow, from now on. */
	public ClientBody asUpload() {
		Duration silence = this.properties.uploadTimeout();
		this.conversation.expectUpload(silence, this.properties.leastBytesIn(silence));
		this.rate = new MinimumRate(this.properties);
		read(this.bytes);
		return this;
	}

	/**
	 * Reads the body through another stream from now on, such as one that compares it
	 * with a digest at its end.
	 */
	public void readThrough(UnaryOperator<InputStream> stream) {
		this.readThrough = true;
		read(stream.apply(this.bytes));
	}

	/** Whether it has to be read to its end, because a stream waits for that. */
	public boolean isReadThrough() {
		return this.readThrough;
	}

	private void read(InputStream stream) {
		this.bytes = stream;
		this.measured = this.rate.enforcedOn(stream);
	}

	/** What is left of a refused request's body, in which nobody is interested. */
	static ServletInputStream rest(HttpServletRequest request) throws IOException {
		ServletInputStream body = request.getInputStream();
		if (body instanceof ClientBody client && client.readThrough) {
			client.read(client.raw);
		}
		return body;
	}

	/**
	 * Gives what ends a read that waits for the client, as if the client had ended its
	 * request. Any thread may run it. Once the body has been read it does nothing,
	 * because what the client sends then is its next request.
	 */
	public Runnable end() {
		Runnable end = this.conversation.endOfInput();
		return () -> {
			if (!this.ended) {
				end.run();
			}
		};
	}

	/**
	 * Sends an interim response, before the answer. Any thread may do so until the
	 * request is answered, one at a time.
	 * @param head its status line and headers, without line breaks that a client chose
	 */
	public void sendInterim(String head) {
		this.conversation.sendInterim(head);
	}

	@Override
	public int read() throws IOException {
		byte[] one = new byte[1];
		return (read(one, 0, 1) < 0) ? -1 : one[0] & 0xFF;
	}

	@Override
	public int read(byte[] buffer, int offset, int length) throws IOException {
		this.conversation.askForBody();
		int count = this.measured.read(buffer, offset, length);
		this.received += Math.max(0, count);
		this.ended = count < 0 || ((this.length < 0) ? this.raw.isFinished() : this.received >= this.length);
		return count;
	}

	@Override
	public int available() throws IOException {
		return this.raw.available();
	}

	@Override
	public boolean isFinished() {
		return this.raw.isFinished();
	}

	@Override
	public boolean isReady() {
		return this.raw.isReady();
	}

	@Override
	public void setReadListener(ReadListener listener) {
		this.raw.setReadListener(listener);
	}

	@Override
	public void close() throws IOException {
		this.raw.close();
	}

}
