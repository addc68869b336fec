package dev.stowage.support;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

import static org.assertj.core.api.Assertions.assertThat;

/** A client with a small buffer, which reads and writes as slowly as a test wants. */
public final class SlowSocket implements AutoCloseable {

	private final Socket socket = new Socket();

	private final byte[] expected;

	private int position;

	/** Expects these bytes as the body of an answer, or the first of them. */
	private SlowSocket(int port, byte[] expected) throws IOException {
		this.expected = expected;
		this.socket.setReceiveBufferSize(16 * 1024);
		this.socket.setSoTimeout(60_000);
		this.socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
	}

	/** Asks for a URL of the server with Alice's key. */
	public static SlowSocket get(StowageServer server, String path, byte[] expected, String... headers)
			throws IOException {
		return new SlowSocket(server.port(), expected).request("GET", server.url(path),
				"Authorization: Bearer " + StowageServer.ALICE, headers);
	}

	/** Asks for a signed URL. */
	public static SlowSocket get(URI signed, byte[] expected) throws IOException {
		return new SlowSocket(signed.getPort(), expected).request("GET", signed, "Accept: */*");
	}

	/** Sends the head of a PUT to a signed URL. */
	public static SlowSocket put(URI signed, int length) throws IOException {
		return new SlowSocket(signed.getPort(), new byte[0]).request("PUT", signed, "Content-Length: " + length);
	}

	private SlowSocket request(String method, URI url, String first, String... more) throws IOException {
		String target = url.getRawPath() + ((url.getRawQuery() != null) ? "?" + url.getRawQuery() : "");
		StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: " + url.getAuthority()
				+ "\r\nConnection: close\r\n" + first + "\r\n");
		for (String header : more) {
			head.append(header).append("\r\n");
		}
		send(head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
		return this;
	}

	public void send(byte[] bytes) throws IOException {
		this.socket.getOutputStream().write(bytes);
	}

	/** Reads the head of an answer, or what there is of it. */
	public String head() throws IOException {
		ByteArrayOutputStream head = new ByteArrayOutputStream();
		while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
			int next = this.socket.getInputStream().read();
			if (next < 0) {
				break;
			}
			head.write(next);
		}
		return head.toString(StandardCharsets.US_ASCII);
	}

	/** Reads a number of bytes, which must be the expected ones. */
	public void take(int count) throws IOException {
		accept(this.socket.getInputStream().readNBytes(count), count);
	}

	private void accept(byte[] bytes, int count) {
		assertThat(this.position + count).isLessThanOrEqualTo(this.expected.length);
		assertThat(Arrays.equals(bytes, 0, count, this.expected, this.position, this.position + count))
			.as("%d bytes from %d", count, this.position)
			.isTrue();
		this.position += count;
	}

	/** Reads for a time at a rate. */
	public void takeSlowly(Duration time, int bytesPerSecond) throws IOException, InterruptedException {
		long end = System.nanoTime() + time.toNanos();
		while (System.nanoTime() < end) {
			take(bytesPerSecond / 20);
			Thread.sleep(50);
		}
	}

	/** Reads to the end, which must come after all expected bytes. */
	public void takeRest() {
		takeWhatComes();
		assertThat(this.position).isEqualTo(this.expected.length);
	}

	/** Reads to the end, which must come too early. */
	public void takeRestInVain() {
		takeWhatComes();
		assertThat(this.position).isLessThan(this.expected.length);
	}

	private void takeWhatComes() {
		byte[] buffer = new byte[64 * 1024];
		try {
			InputStream in = this.socket.getInputStream();
			for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
				accept(buffer, count);
			}
		}
		catch (IOException ex) {
			// this is an end, too
		}
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
