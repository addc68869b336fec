package dev.stowage.faults;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/** Waits for conditions, but not for ever. */
final class Waiting {

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	private static final int STEP_MILLIS = 100;

	private Waiting() {
	}

	/** Waits, and says for how long. */
	static Duration until(String what, Condition condition) throws IOException, InterruptedException {
		long start = System.nanoTime();
		while (!condition.holds()) {
			if (System.nanoTime() - start > PATIENCE.toNanos()) {
				throw new IOException("Waited in vain for " + what);
			}
			Thread.sleep(STEP_MILLIS);
		}
		return Duration.ofNanos(System.nanoTime() - start);
	}

	/** Whether somebody accepts connections on a port. */
	static boolean listens(int port) {
		try (Socket socket = new Socket()) {
			socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

	/** What is waited for. */
	interface Condition {

		boolean holds() throws IOException, InterruptedException;

	}

}
