package dev.stowage.faults;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

import dev.stowage.support.Soon;
import org.awaitility.core.ConditionFactory;

/** Waits for what takes longer because the machine is under load. */
final class Waiting {

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	private static final int CONNECT_MILLIS = 1_000;

	private Waiting() {
	}

	/** Waits for a named condition. */
	static ConditionFactory await(String what) {
		return Soon.await().alias(what).atMost(PATIENCE);
	}

	/** Whether a process accepts connections on a port. */
	static boolean listens(int port) {
		try (Socket socket = new Socket()) {
			socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

}
