package dev.stowage.faults;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

import dev.stowage.support.Form;

/** One connection of a client that does what no HTTP library allows. */
final class Wire implements AutoCloseable {

	private static final int PATIENCE_MILLIS = 60_000;

	private final Socket socket = new Socket();

	Wire(URI server) throws IOException {
		this.socket.setSoTimeout(PATIENCE_MILLIS);
		this.socket.setTcpNoDelay(true);
		this.socket.connect(new InetSocketAddress(server.getHost(), server.getPort()), PATIENCE_MILLIS);
	}

	/** The head of a request that asks the server to close the connection after it. */
	static byte[] head(String contentType, int length) {
		return ("POST /v1/files HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer " + Server.KEY
				+ "\r\nContent-Type: " + contentType + "\r\nContent-Length: " + length + "\r\n\r\n")
			.getBytes(StandardCharsets.US_ASCII);
	}

	static byte[] formHead(int length) {
		return head(Form.CONTENT_TYPE, length);
	}

	Wire send(byte[] bytes, int from, int to) throws IOException {
		this.socket.getOutputStream().write(bytes, from, to - from);
		return this;
	}

	Wire send(byte[] bytes) throws IOException {
		return send(bytes, 0, bytes.length);
	}

	/** Whether the server has sent anything. */
	boolean isAnswered() throws IOException {
		return this.socket.getInputStream().available() > 0;
	}

	Reply answer() throws IOException {
		int status = Integer.parseInt(line().split(" ", 3)[1]);
		Optional<String> retryAfter = Optional.empty();
		int length = 0;
		boolean chunked = false;
		for (String line = line(); !line.isEmpty(); line = line()) {
			String header = line.toLowerCase(Locale.ROOT);
			String value = header.substring(header.indexOf(':') + 1).strip();
			if (header.startsWith("retry-after:")) {
				retryAfter = Optional.of(value);
			}
			else if (header.startsWith("content-length:")) {
				length = Integer.parseInt(value);
			}
			chunked |= header.startsWith("transfer-encoding:");
		}
		return new Reply(status, retryAfter, chunked ? chunks() : read(length));
	}

	private byte[] chunks() throws IOException {
		ByteArrayOutputStream body = new ByteArrayOutputStream();
		for (int size = HexFormat.fromHexDigits(line()); size > 0; size = HexFormat.fromHexDigits(line())) {
			body.write(read(size));
			line();
		}
		return body.toByteArray();
	}

	private byte[] read(int length) throws IOException {
		byte[] bytes = this.socket.getInputStream().readNBytes(length);
		if (bytes.length < length) {
			throw new EOFException("The answer ended early");
		}
		return bytes;
	}

	private String line() throws IOException {
		StringBuilder line = new StringBuilder();
		InputStream in = this.socket.getInputStream();
		for (int next = in.read(); next != '\n'; next = in.read()) {
			if (next < 0) {
				throw new EOFException("The server closed the connection");
			}
			line.append((char) next);
		}
		return line.toString().strip();
	}

	/** Makes closing send a reset, like a client whose machine vanished. */
	Wire abrupt() throws IOException {
		this.socket.setSoLinger(true, 0);
		return this;
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
