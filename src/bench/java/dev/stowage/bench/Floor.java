package dev.stowage.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The least that a server on a JVM can do for the bytes of a file: blocking sockets on a
 * virtual thread, one buffer, a SHA-256 of what a signature would cover, and one write
 * for each part. It knows the requests of {@link Client} and the answers of
 * {@link NullStore} instead of reading them, checks nothing, signs nothing and keeps
 * nothing.
 */
final class Floor implements Runnable {

	/** As large as the server's parts. */
	private static final int PART = 8 * 1024 * 1024;

	private static final int CHUNK = 256 * 1024;

	private static final int END_OF_HEAD = 0x0D0A0D0A;

	private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

	private static final AtomicLong files = new AtomicLong();

	private final SocketChannel client;

	private final SocketChannel store;

	private final boolean signed;

	private final MessageDigest digest = MessageDigest.getInstance("SHA-256");

	/** What the client or, during a download, the store sends, up to its position. */
	private ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);

	private Floor(SocketChannel client, SocketChannel store, boolean signed) throws NoSuchAlgorithmException {
		this.client = client;
		this.store = store;
		this.signed = signed;
	}

	/**
	 * Listens until it is killed: on the loopback port given, in front of the store at
	 * another, and hashing bytes or not.
	 */
	public static void main(String[] arguments) throws IOException, NoSuchAlgorithmException {
		InetSocketAddress store = address(arguments[1]);
		try (ServerSocketChannel server = ServerSocketChannel.open().bind(address(arguments[0]), 1024)) {
			while (true) {
				Floor floor = new Floor(server.accept(), SocketChannel.open(store), Boolean.parseBoolean(arguments[2]));
				floor.store.setOption(StandardSocketOptions.TCP_NODELAY, true);
				Thread.ofVirtual().start(floor);
			}
		}
	}

	private static InetSocketAddress address(String port) {
		return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port));
	}

	@Override
	public void run() {
		try (this.client; this.store) {
			while (true) {
				this.buffer.clear();
				answer();
			}
		}
		catch (IOException ex) {
			// the client has disconnected
		}
	}

	private void answer() throws IOException {
		int end = endOfHead(this.client, 0);
		String head = text(end);
		if (head.contains("multipart/")) {
			upload(end, lengthIn(head));
		}
		else if (head.contains("/content ")) {
			download(head.substring(head.indexOf("/file-"), head.indexOf("/content ")));
		}
		else {
			receive(head.startsWith("POST") ? end + (int) lengthIn(head) : end);
			respond("/file-granted");
		}
	}

	/** The file begins after three blank lines, and its end is known. */
	private void upload(int head, long length) throws IOException {
		int start = endOfHead(this.client, endOfHead(this.client, head));
		long left = length - (start - head) - Client.AFTER_FILE.length();
		String id = "/file-" + files.incrementAndGet();
		String path = "/" + NullStoreProcess.BUCKET + "/files" + id;
		boolean inParts = left > PART;
		if (inParts) {
			String answer = call("POST " + path + "?uploads", NOTHING);
			path += "?uploadId=" + answer.substring(answer.indexOf("upload-"), answer.indexOf("</UploadId>"));
		}
		for (int number = 1; left > 0; number++) {
			int count = (int) Math.min(PART, left);
			left -= count;
			receive(start + count + ((left > 0) ? 0 : Client.AFTER_FILE.length()));
			call("PUT " + path + (inParts ? "&partNumber=" + number : ""), this.buffer.slice(start, count));
			this.buffer.clear();
			start = 0;
		}
		if (inParts) {
			call("POST " + path, NOTHING);
		}
		respond(id);
	}

	private void respond(String id) throws IOException {
		String body = "{\"id\":\"" + id.substring(1) + "\",\"object\":\"file\"}";
		write(this.client, "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body, NOTHING);
	}

	/** Reads from the client until the buffer has a number of bytes. */
	private void receive(int bytes) throws IOException {
		if (bytes > this.buffer.capacity()) {
			this.buffer = ByteBuffer.allocateDirect(PART + CHUNK).put(this.buffer.flip());
		}
		this.buffer.limit(bytes);
		while (this.buffer.hasRemaining()) {
			read(this.client);
		}
	}

	/** Calls the store, and returns its answer. */
	private String call(String target, ByteBuffer body) throws IOException {
		String hash = "UNSIGNED-PAYLOAD";
		if (this.signed) {
			this.digest.update(body.duplicate());
			hash = HexFormat.of().formatHex(this.digest.digest());
		}
		write(this.store, target + " HTTP/1.1\r\nHost: store\r\nAuthorization: none\r\nx-amz-content-sha256: " + hash
				+ "\r\nContent-Length: " + body.remaining() + "\r\n\r\n", body);
		// its answers are short and arrive at once
		ByteBuffer answer = ByteBuffer.allocate(1024);
		if (this.store.read(answer) < 0) {
			throw new IOException("The store closed the connection");
		}
		return new String(answer.array(), 0, answer.position(), StandardCharsets.ISO_8859_1);
	}

	private void download(String id) throws IOException {
		write(this.store, "GET /" + NullStoreProcess.BUCKET + "/files" + id
				+ " HTTP/1.1\r\nHost: store\r\nAuthorization: none\r\n\r\n", NOTHING);
		this.buffer.clear();
		int end = endOfHead(this.store, 0);
		long left = end + lengthIn(text(end));
		while (true) {
			left -= this.buffer.position();
			write(this.client, "", this.buffer.flip());
			this.buffer.clear();
			if (left == 0) {
				return;
			}
			read(this.store);
		}
	}

	/** Finds the next blank line, and returns where what follows it begins. */
	private int endOfHead(SocketChannel from, int start) throws IOException {
		for (int at = start;; at++) {
			while (at + Integer.BYTES > this.buffer.position()) {
				read(from);
			}
			if (this.buffer.getInt(at) == END_OF_HEAD) {
				return at + Integer.BYTES;
			}
		}
	}

	private String text(int length) {
		byte[] bytes = new byte[length];
		this.buffer.get(0, bytes);
		return new String(bytes, StandardCharsets.ISO_8859_1);
	}

	private static long lengthIn(String head) {
		String name = "Content-Length: ";
		int start = head.indexOf(name) + name.length();
		return Long.parseLong(head, start, head.indexOf('\r', start), 10);
	}

	private void read(SocketChannel from) throws IOException {
		if (from.read(this.buffer) < 0) {
			throw new IOException("The connection was closed");
		}
	}

	private static void write(SocketChannel to, String head, ByteBuffer body) throws IOException {
		ByteBuffer[] both = { ByteBuffer.wrap(head.getBytes(StandardCharsets.ISO_8859_1)), body };
		while (both[0].hasRemaining() || body.hasRemaining()) {
			to.write(both);
		}
	}

}
