package dev.stowage;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import com.zaxxer.hikari.HikariDataSource;
import dev.stowage.file.SweepNow;
import dev.stowage.storage.EngineOf;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/** A whole server on ports of its own, with a clock that tests can move. */
public final class StowageServer implements AutoCloseable {

	/** The key of one owner. */
	public static final String ALICE = "sk-alice-0123456789abcdef";

	/** The key of another. */
	public static final String BOB = "sk-bob-0123456789abcdef";

	private final ConfigurableApplicationContext context;

	private final TestClock clock;

	private StowageServer(ConfigurableApplicationContext context, TestClock clock) {
		this.context = context;
		this.clock = clock;
	}

	/**
	 * Starts one over a folder, with settings such as {@code stowage.max-file-size=1MB}.
	 */
	public static StowageServer start(Path folder, String... settings) {
		TestClock clock = new TestClock();
		SpringApplication application = new SpringApplication(StowageApplication.class);
		application.addInitializers((context) -> ((GenericApplicationContext) context).registerBean("testClock",
				Clock.class, () -> clock, (definition) -> definition.setPrimary(true)));
		List<String> arguments = new ArrayList<>(
				List.of("server.port=0", "stowage.data-dir=" + folder, "stowage.s3.embedded-port=0",
						"stowage.api-keys=alice=" + ALICE + ",bob=" + BOB, "stowage.sweep-interval=0"));
		arguments.addAll(Arrays.asList(settings));
		application.setRegisterShutdownHook(false);
		return new StowageServer(
				application.run(arguments.stream().map((setting) -> "--" + setting).toArray(String[]::new)), clock);
	}

	/** The URL of a path on this server. */
	public URI url(String path) {
		return URI.create("http://127.0.0.1:" + port() + path);
	}

	public int port() {
		return this.context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
	}

	/** A caller with Alice's key. */
	public Caller alice() {
		return new Caller(this, ALICE);
	}

	/** A caller with Bob's key. */
	public Caller bob() {
		return new Caller(this, BOB);
	}

	public TestClock clock() {
		return this.clock;
	}

	/** Runs the sweeper once. */
	public void sweep() {
		SweepNow.in(this.context);
	}

	/** The embedded engine, to look behind the server's back or to stop it. */
	public EngineOf engine() {
		return new EngineOf(this.context);
	}

	/** Takes the database away for good. */
	public void loseDatabase() {
		this.context.getBean(HikariDataSource.class).close();
	}

	public <T> T bean(Class<T> type) {
		return this.context.getBean(type);
	}

	@Override
	public void close() {
		this.context.close();
	}

}
