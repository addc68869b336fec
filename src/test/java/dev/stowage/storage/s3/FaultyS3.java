package dev.stowage.storage.s3;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

/**
 * A proxy in front of an S3 engine that forwards requests and answers unchanged, except
 * those for which a fault was set.
 */
public final class FaultyS3 implements AutoCloseable {

	private static final int SMALL = 64 * 1024;

	private ServerSocket server;

	private final Set<Socket> clients = ConcurrentHashMap.newKeySet();

	private final URI engine;

	private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

	private final Map<S3Call, Integer> counts = new EnumMap<>(S3Call.class);

	private final AtomicInteger connections = new AtomicInteger();

	private final List<S3Call> seen = new ArrayList<>();

	private final List<Rule> rules = new ArrayList<>();

	public FaultyS3(URI engine) throws IOException {
		this.engine = engine;
		this.server = listen(0);
	}

	private ServerSocket listen(int port) throws IOException {
		ServerSocket listening = new ServerSocket();
		// so that a part does not fit into the system's buffers
		listening.setReceiveBufferSize(SMALL);
		listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
		this.executor.execute(() -> accept(listening));
		return listening;
	}

	public URI endpoint() {
		return URI.create("http://127.0.0.1:" + this.server.getLocalPort());
	}

	/**
	 * Sets a fault for the calls from the {@code first}-th to the {@code last}-th, from
	 * 1.
	 */
	public synchronized void fail(S3Call call, int first, int last, Fault fault) {
		this.rules.add(new Rule(call, first, last, fault));
	}

	public synchronized void failAlways(S3Call call, Fault fault) {
		fail(call, 1, Integer.MAX_VALUE, fault);
	}

	/** From now on there are no connections, and new ones are refused. */
	public synchronized void refuse() throws IOException {
		this.server.close();
		for (Socket client : this.clients) {
			client.close();
		}
	}

	/** Forgets faults and counts. */
	public synchronized void recover() {
		if (this.server.isClosed()) {
			try {
				this.server = listen(this.server.getLocalPort());
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
		this.rules.clear();
		this.counts.clear();
		this.seen.clear();
	}

	public synchronized int count(S3Call call) {
		return this.counts.getOrDefault(call, 0);
	}

	/** How many connections were accepted. */
	public int connections() {
		return this.connections.get();
	}

	/** All calls, in the order in which they arrived. */
	public synchronized List<S3Call> seen() {
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

	private void accept(ServerSocket listening) {
		try {
			while (true) {
				Socket client = listening.accept();
				this.connections.incrementAndGet();
				this.executor.execute(() -> serve(client));
			}
		}
		catch (IOException ex) {
			// closed
		}
	}

	private void serve(Socket client) {
		this.clients.add(client);
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
			// one side closed its connection, so the other is closed, too
		}
		finally {
			this.clients.remove(client);
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

	/** Changes an answer, given the part that was read so far. */
	private record Spoiling(UnaryOperator<S3Answer> change, S3Answer.Arriving seen) {
	}

	/** The two ends of one connection. */
	public static final class Exchange implements AutoCloseable {

		private final Socket client;

		private final Socket upstream;

		private volatile long answerBytes = Long.MAX_VALUE;

		private volatile @Nullable Spoiling spoiling;

		private volatile CountDownLatch gate = new CountDownLatch(0);

		Exchange(Socket client, Socket upstream) {
			this.client = client;
			this.upstream = upstream;
		}

		/** The client sees a number of bytes of the next answer, and then a reset. */
		void cutAnswerAfter(long bytes) {
			this.answerBytes = bytes;
		}

		/** The next answer is changed as a whole. */
		void spoilAnswer(boolean withoutBody, UnaryOperator<S3Answer> change) {
			this.spoiling = new Spoiling(change, new S3Answer.Arriving(withoutBody));
		}

		/** The next answer is sent when the gate opens. */
		void holdAnswer(CountDownLatch until) {
			this.gate = until;
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
					Spoiling spoil = this.spoiling;
					if (!interim) {
						this.gate.await();
					}
					if (spoil != null && !interim) {
						spoil(spoil, buffer, count);
						continue;
					}
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
			catch (IOException | InterruptedException ex) {
				// closed
			}
		}

		private void spoil(Spoiling spoil, byte[] buffer, int count) throws IOException {
			spoil.seen().write(buffer, 0, count);
			Optional<S3Answer> whole = spoil.seen().whole();
			if (whole.isPresent()) {
				this.spoiling = null;
				S3Answer changed = spoil.change().apply(whole.get());
				this.client.getOutputStream().write(changed.bytes());
				if (!spoil.seen().isWithoutBody() && changed.isCut()) {
					this.client.close();
				}
			}
		}

		@Override
		public void close() throws IOException {
			this.upstream.close();
		}

	}

}
