package dev.stowage.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;

/**
 * One HTTP/1.1 connection, kept alive, that sends bytes from memory outside the heap and
 * discards received ones, so that the client uses little of the machine.
 */
final class Connection implements AutoCloseable {

	private static final int CHUNK = Content.CHUNK;

	private static final String LOCATION = "Location: ";

	private final InetSocketAddress server;

	private SocketChannel channel;

	private boolean ended;

	/** Of the last answer. */
	private String location = "";

	private final ByteBuffer in = ByteBuffer.allocate(8 * 1024).limit(0);

	private Connection(InetSocketAddress server) throws IOException {
		this.server = server;
		this.channel = open(server);
	}

	static Connection to(URI server) throws IOException {
		return new Connection(new InetSocketAddress(server.getHost(), server.getPort()));
	}

	private static SocketChannel open(InetSocketAddress server) throws IOException {
		return SocketChannel.open(server).setOption(StandardSocketOptions.TCP_NODELAY, true);
	}

	Connection send(String text) throws IOException {
		return write(bytes(text));
	}

	/** Sends a body of random bytes between two texts; a short one goes out at once. */
	Connection send(String before, long length, String after) throws IOException {
		if (length <= CHUNK) {
			return write(bytes(before), Content.at(0, (int) length), bytes(after));
		}
		return send(before).sendRandom(length).send(after);
	}

	Connection sendRandom(long length) throws IOException {
		for (long sent = 0; sent < length;) {
			int count = (int) Math.min(CHUNK, length - sent);
			write(Content.at(sent, count));
			sent += count;
		}
		return this;
	}

	private Connection write(ByteBuffer... buffers) throws IOException {
		if (this.ended) {
			this.channel.close();
			this.channel = open(this.server);
			this.ended = false;
		}
		while (buffers[buffers.length - 1].hasRemaining() || buffers[0].hasRemaining()) {
			this.channel.write(buffers);
		}
		return this;
	}

	private static ByteBuffer bytes(String text) {
		return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
	}

	/** Reads an answer with its body. */
	Answer answer() throws IOException {
		int status = status();
		String headers = headers();
		if (headers.contains("transfer-encoding: chunked")) {
			return new Answer(status, this.location, chunks());
		}
		return new Answer(status, this.location, (status == 204) ? "" : text((int) length(headers)));
	}

	/** Reads an answer whose body is only counted. */
	long drain(int expected) throws IOException {
		int status = status();
		long length = length(headers());
		if (status != expected) {
			throw new IOException("Answered " + status + ": " + text((int) length));
		}
		long left = length - this.in.remaining();
		this.in.limit(0);
		ByteBuffer away = ByteBuffer.allocateDirect(CHUNK);
		while (left > 0) {
			int count = this.channel.read(away.clear().limit((int) Math.min(CHUNK, left)));
			if (count < 0) {
				throw new IOException("The answer ended " + left + " bytes early");
			}
			left -= count;
		}
		return length;
	}

	private int status() throws IOException {
		return Integer.parseInt(line().split(" ", 3)[1]);
	}

	private String headers() throws IOException {
		StringBuilder headers = new StringBuilder();
		this.location = "";
		for (String line = line(); !line.isEmpty(); line = line()) {
			if (line.startsWith(LOCATION)) {
				this.location = line.substring(LOCATION.length());
			}
			headers.append(line.toLowerCase(Locale.ROOT)).append('\n');
		}
		// a server may limit the requests on one connection
		this.ended = headers.indexOf("connection: close\n") >= 0;
		return headers.toString();
	}

	private static long length(String headers) throws IOException {
		String name = "content-length: ";
		int start = headers.indexOf(name);
		if (start < 0) {
			throw new IOException("An answer without a length:\n" + headers);
		}
		return Long.parseLong(headers.substring(start + name.length(), headers.indexOf('\n', start)));
	}

	private String chunks() throws IOException {
		StringBuilder body = new StringBuilder();
		for (int size = HexFormat.fromHexDigits(line()); size > 0; size = HexFormat.fromHexDigits(line())) {
			body.append(text(size));
			line();
		}
		line();
		return body.toString();
	}

	private String line() throws IOException {
		StringBuilder line = new StringBuilder();
		for (byte next = next(); next != '\n'; next = next()) {
			line.append((char) next);
		}
		return line.toString().strip();
	}

	/** Answers here are plain ASCII. */
	private String text(int length) throws IOException {
		byte[] bytes = new byte[length];
		for (int i = 0; i < length; i++) {
			bytes[i] = next();
		}
		return new String(bytes, StandardCharsets.UTF_8);
	}

	private byte next() throws IOException {
		if (!this.in.hasRemaining()) {
			if (this.channel.read(this.in.clear()) < 0) {
				this.in.limit(0);
				throw new IOException("The server closed the connection");
			}
			this.in.flip();
		}
		return this.in.get();
	}

	/** Makes closing send a reset, like a client whose machine vanished. */
	Connection abrupt() throws IOException {
		this.channel.setOption(StandardSocketOptions.SO_LINGER, 0);
		return this;
	}

	@Override
	public void close() throws IOException {
		this.channel.close();
	}

}
