package dev.stowage.support;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;

/** A connection on which a test can write what no normal client would. */
public final class RawConnection implements AutoCloseable {

	private final Socket socket;

	public RawConnection(StowageServer server) throws IOException {
		this(server.port());
	}

	/** Connects from another address of this machine, such as 127.0.0.2. */
	public RawConnection(StowageServer server, String from) throws IOException {
		this(server.port(), from);
	}

	public RawConnection(int port) throws IOException {
		this(port, "127.0.0.1");
	}

	public RawConnection(int port, String from) throws IOException {
		this.socket = new Socket(InetAddress.getLoopbackAddress(), port, InetAddress.getByName(from), 0);
		this.socket.setSoTimeout(60_000);
		this.socket.setTcpNoDelay(true);
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

	/** Ends the output, like a client that is done or was interrupted. */
	public RawConnection endOutput() throws IOException {
		this.socket.shutdownOutput();
		return this;
	}

	/** Whether a part of an answer has arrived, without waiting for it. */
	boolean isAnswered() throws IOException {
		return this.socket.getInputStream().available() > 0;
	}

	/** Reads only the status line of the next answer. */
	public String statusLine() throws IOException {
		StringBuilder line = new StringBuilder();
		InputStream in = this.socket.getInputStream();
		for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
			line.append((char) next);
		}
		return line.toString().strip();
	}

	/**
	 * Reads exactly one answer: its status line, its headers and its body.
	 */
	public String answer() throws IOException {
		StringBuilder answer = new StringBuilder(statusLine()).append('\n');
		int length = 0;
		boolean chunked = false;
		boolean last = false;
		for (String line = statusLine(); !line.isEmpty(); line = statusLine()) {
			answer.append(line).append('\n');
			String header = line.toLowerCase(Locale.ROOT);
			if (header.startsWith("content-length:")) {
				length = Integer.parseInt(header.substring("content-length:".length()).strip());
			}
			chunked |= header.equals("transfer-encoding: chunked");
			last |= header.equals("connection: close");
		}
		return answer.append('\n')
			.append(chunked ? chunks() : (last && length == 0) ? rest() : text(length))
			.toString();
	}

	private String chunks() throws IOException {
		StringBuilder body = new StringBuilder();
		for (int size = chunkSize(); size > 0; size = chunkSize()) {
			body.append(text(size));
			statusLine();
		}
		statusLine();
		return body.toString();
	}

	private int chunkSize() throws IOException {
		String line = statusLine();
		if (line.isEmpty()) {
			throw new EOFException("The answer ended before its last chunk");
		}
		return HexFormat.fromHexDigits(line);
	}

	/** Answers here are short: no character lies across two chunks. */
	private String text(int length) throws IOException {
		return new String(this.socket.getInputStream().readNBytes(length), StandardCharsets.UTF_8);
	}

	/** Reads everything until the server closes. */
	public String rest() throws IOException {
		return new String(this.socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
	}

	/** Counts the bytes that arrive until the server closes or resets the connection. */
	public long countUntilEnd() throws IOException {
		byte[] buffer = new byte[64 * 1024];
		long total = 0;
		try {
			for (int count = this.socket.getInputStream().read(buffer); count >= 0;) {
				total += count;
				count = this.socket.getInputStream().read(buffer);
			}
		}
		catch (SocketException ex) {
			// this is an end, too
		}
		return total;
	}

	/** Closes with a reset. */
	public void vanish() throws IOException {
		this.socket.setSoLinger(true, 0);
		this.socket.close();
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
