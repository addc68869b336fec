package dev.stowage.storage;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A proxy in front of an S3 engine that hands requests and answers on as they are, save
 * those for which it was told to have a fault.
 */
final class FaultyS3 implements AutoCloseable {

	private static final int SMALL = 64 * 1024;

	private final ServerSocket server;

	private final URI engine;

	private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

	private final Map<S3Call, Integer> counts = new EnumMap<>(S3Call.class);

	private final List<S3Call> seen = new ArrayList<>();

	private final List<Rule> rules = new ArrayList<>();

	FaultyS3(URI engine) throws IOException {
		this.engine = engine;
		this.server = new ServerSocket();
		// so that a part does not disappear in the system's buffers
		this.server.setReceiveBufferSize(SMALL);
		this.server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1000);
		this.executor.execute(this::accept);
	}

	URI endpoint() {
		return URI.create("http://127.0.0.1:" + this.server.getLocalPort());
	}

	/** The calls from the {@code first}-th to the {@code last}-th, from 1, have it. */
	synchronized void fail(S3Call call, int first, int last, Fault fault) {
		this.rules.add(new Rule(call, first, last, fault));
	}

	synchronized void failAlways(S3Call call, Fault fault) {
		fail(call, 1, Integer.MAX_VALUE, fault);
	}

	/** Forgets faults and counts. */
	synchronized void recover() {
		this.rules.clear();
		this.counts.clear();
		this.seen.clear();
	}

	synchronized int count(S3Call call) {
		return this.counts.getOrDefault(call, 0);
	}

	/** All calls, in the order in which they came. */
	synchronized List<S3Call> seen() {
		return List.copyOf(this.seen);
	}

	private synchronized Fault next(S3Call call) {
		this.seen.add(call);
		int number = this.counts.merge(call, 1, Integer::sum);
		return this.rules.stream()
			.filter((rule) -> rule.call() == call && rule.first() <= number && number <= rule.last())
			.map(Rule::fault)
			.findFirst()
			.orElse(Fault.NONE);
	}

	private void accept() {
		try {
			while (true) {
				Socket client = this.server.accept();
				this.executor.execute(() -> serve(client));
			}
		}
		catch (IOException ex) {
			// closed
		}
	}

	private void serve(Socket client) {
		try (client;
				Socket upstream = new Socket(this.engine.getHost(), this.engine.getPort());
				Exchange exchange = new Exchange(client, upstream)) {
			this.executor.execute(exchange::handOnAnswers);
			InputStream in = new BufferedInputStream(client.getInputStream(), SMALL);
			for (Optional<String> head = head(in); head.isPresent(); head = head(in)) {
				next(S3Call.of(head.get())).handOn(head.get(), in, exchange);
			}
		}
		catch (IOException | InterruptedException ex) {
			// one side hung up: so does the other
		}
	}

	private static Optional<String> head(InputStream in) throws IOException {
		StringBuilder head = new StringBuilder();
		while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
			int next = in.read();
			if (next < 0) {
				return Optional.empty();
			}
			head.append((char) next);
		}
		return Optional.of(head.toString());
	}

	@Override
	public void close() throws IOException {
		this.server.close();
		this.executor.shutdownNow();
	}

	private record Rule(S3Call call, int first, int last, Fault fault) {
	}

	/** The two ends of one connection. */
	static final class Exchange implements AutoCloseable {

		private final Socket client;

		private final Socket upstream;

		private volatile long answerBytes = Long.MAX_VALUE;

		Exchange(Socket client, Socket upstream) {
			this.client = client;
			this.upstream = upstream;
		}

		/** The client sees so many bytes of the next answer, and a reset after them. */
		void cutAnswerAfter(long bytes) {
			this.answerBytes = bytes;
		}

		void send(byte[] bytes, int length) throws IOException {
			this.upstream.getOutputStream().write(bytes, 0, length);
		}

		void answer(String text) throws IOException {
			this.client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
			this.client.shutdownOutput();
			this.client.setSoTimeout(1_000);
			this.client.getInputStream().skip(Long.MAX_VALUE);
		}

		void reset() throws IOException {
			this.client.setSoLinger(true, 0);
			this.client.close();
			this.upstream.close();
		}

		private void handOnAnswers() {
			byte[] buffer = new byte[SMALL];
			try {
				InputStream in = this.upstream.getInputStream();
				for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
					boolean interim = new String(buffer, 0, count, StandardCharsets.ISO_8859_1)
						.startsWith("HTTP/1.1 100");
					long left = interim ? Long.MAX_VALUE : this.answerBytes;
					this.client.getOutputStream().write(buffer, 0, (int) Math.min(count, left));
					if (left <= count) {
						reset();
					}
					if (!interim) {
						this.answerBytes = (left == Long.MAX_VALUE) ? left : left - count;
					}
				}
				reset();
			}
			catch (IOException ex) {
				// closed
			}
		}

		@Override
		public void close() throws IOException {
			this.upstream.close();
		}

	}

}
