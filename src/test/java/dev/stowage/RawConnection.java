package dev.stowage;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A connection on which a test writes what no well-behaved client would. */
public final class RawConnection implements AutoCloseable {

	private final Socket socket;

	public RawConnection(StowageServer server) throws IOException {
		this.socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
		this.socket.setSoTimeout(60_000);
	}

	/** Sends the head of an upload, with Alice's key and the headers given. */
	public RawConnection uploadHead(String... headers) throws IOException {
		return send("POST /v1/files HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + StowageServer.ALICE
				+ "\r\nContent-Type: " + Form.CONTENT_TYPE + "\r\n" + String.join("\r\n", headers) + "\r\n\r\n");
	}

	public RawConnection send(String text) throws IOException {
		return send(text.getBytes(StandardCharsets.UTF_8));
	}

	public RawConnection send(byte[] bytes) throws IOException {
		this.socket.getOutputStream().write(bytes);
		this.socket.getOutputStream().flush();
		return this;
	}

	/** Says that nothing more comes, as a client does that is done or was cut off. */
	public RawConnection endOutput() throws IOException {
		this.socket.shutdownOutput();
		return this;
	}

	/** Reads the status line of the next answer, and nothing beyond. */
	public String statusLine() throws IOException {
		StringBuilder line = new StringBuilder();
		InputStream in = this.socket.getInputStream();
		for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
			line.append((char) next);
		}
		return line.toString().strip();
	}

	/** Reads all that comes until the server closes. */
	public String rest() throws IOException {
		return new String(this.socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
	}

	/** Vanishes: the server sees a reset. */
	public void vanish() throws IOException {
		this.socket.setSoLinger(true, 0);
		this.socket.close();
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
