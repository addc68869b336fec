package dev.stowage.storage.s3;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Objects;

import dev.stowage.storage.s3.parts.S3Timeouts;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.BeanPostProcessor;

/**
 * Puts a proxy that fails on demand between a whole server and its engine, any engine.
 * The URLs of clients bypass the proxy.
 */
public final class FaultsInFront implements BeanPostProcessor, AutoCloseable {

	/** Before the rest of an object is fetched again, so that tests are fast. */
	static final Duration SHORT_PAUSE = Duration.ofMillis(20);

	private final S3Timeouts timeouts;

	private @Nullable FaultyS3 faults;

	private FaultsInFront(S3Timeouts timeouts) {
		this.timeouts = timeouts;
	}

	/** For a server with the usual timeouts, and short pauses. */
	public static FaultsInFront usual() {
		return new FaultsInFront(S3Timeouts.USUAL.withPause(SHORT_PAUSE));
	}

	/** For a server with much shorter timeouts. */
	public static FaultsInFront ofAnImpatientServer() {
		return new FaultsInFront(new S3Timeouts(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(2),
				Duration.ofSeconds(1), SHORT_PAUSE));
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String name) {
		if (bean instanceof S3Timeouts) {
			return this.timeouts;
		}
		return (bean instanceof S3Connection connection) ? inFrontOf(connection) : bean;
	}

	private S3Connection inFrontOf(S3Connection connection) {
		try {
			this.faults = new FaultyS3(connection.endpoint().orElseThrow());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		S3Connection proxied = StoreUnderTest.at(this.faults.endpoint(), connection);
		return new S3Connection(proxied.endpoint(), connection.publicEndpoint().or(connection::endpoint),
				proxied.region(), proxied.pathStyle(), proxied.signPayload(), proxied.bucket(), proxied.credentials(),
				proxied.uploadCredentials(), proxied.encryption(), proxied.engine());
	}

	/** The proxy, once the server has started. */
	public FaultyS3 faults() {
		return Objects.requireNonNull(this.faults);
	}

	@Override
	public void close() throws IOException {
		faults().close();
	}

}
