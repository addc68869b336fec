package dev.stowage.support;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import com.zaxxer.hikari.HikariDataSource;
import dev.stowage.StowageApplication;
import dev.stowage.keys.UsesNow;
import dev.stowage.storage.FailingObjectStore;
import dev.stowage.storage.ObjectStore;
import dev.stowage.storage.s3.EngineOf;
import dev.stowage.storage.s3.FaultsInFront;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.coyote.AbstractProtocol;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

import static java.util.stream.Collectors.joining;

/** A whole server on free ports, with a clock that tests can move. */
public final class StowageServer implements AutoCloseable {

	/** The key of one owner. */
	public static final String ALICE = "sk-alice-0123456789abcdef";

	/** The key of another. */
	public static final String BOB = "sk-bob-0123456789abcdef";

	/** The key of the operator. */
	public static final String ADMIN = "admin-0123456789abcdef";

	private final ConfigurableApplicationContext context;

	private final TestClock clock;

	private StowageServer(ConfigurableApplicationContext context, TestClock clock) {
		this.context = context;
		this.clock = clock;
	}

	/**
	 * Starts one on a folder, with settings such as {@code stowage.max-file-size=1MB}.
	 */
	public static StowageServer start(Path folder, String... settings) {
		return start(Backing.EMBEDDED, folder, settings);
	}

	/** Starts one on the database and the store of a folder in a backing. */
	public static StowageServer start(Backing backing, Path folder, String... settings) {
		return start(backing, folder, List.of(), settings);
	}

	/**
	 * Starts one some of whose beans a test replaces, for example the connection to the
	 * store with one that fails on demand.
	 */
	public static StowageServer start(Backing backing, Path folder, BeanPostProcessor change, String... settings) {
		StowageServer server = start(backing, folder, List.of(change), settings);
		if (change instanceof FaultsInFront faults) {
			// the calls of the start do not count
			faults.faults().recover();
		}
		return server;
	}

	private static StowageServer start(Backing backing, Path folder, List<? extends BeanPostProcessor> changes,
			String... settings) {
		TestClock clock = new TestClock();
		SpringApplication application = new SpringApplication(StowageApplication.class);
		application.addInitializers((context) -> ((GenericApplicationContext) context).registerBean("testClock",
				Clock.class, () -> clock, (definition) -> definition.setPrimary(true)));
		application.addInitializers((context) -> context.getBeanFactory().addBeanPostProcessor(new BeanPostProcessor() {

			@Override
			public Object postProcessAfterInitialization(Object bean, String name) {
				return (bean instanceof ObjectStore store) ? new FailingObjectStore(store) : bean;
			}

		}));
		application.addInitializers((context) -> changes.forEach(context.getBeanFactory()::addBeanPostProcessor));
		Map<String, String> values = new LinkedHashMap<>();
		values.put("server.port", "0");
		values.put("stowage.data-dir", folder.toString());
		values.put("stowage.s3.embedded-port", "0");
		values.put("stowage.api-keys", "alice=" + ALICE + ",bob=" + BOB);
		values.put("stowage.sweep-interval", "0");
		for (String setting : Stream.concat(backing.settings(folder).stream(), Stream.of(settings)).toList()) {
			values.put(setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1));
		}
		String[] arguments = values.entrySet()
			.stream()
			.map((value) -> "--" + value.getKey() + "=" + value.getValue())
			.toArray(String[]::new);
		application.setRegisterShutdownHook(false);
		return new StowageServer(application.run(arguments), clock);
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
		return with(ALICE);
	}

	/** A caller with Bob's key. */
	public Caller bob() {
		return with(BOB);
	}

	/** A caller with any key; without a key if it is empty. */
	public Caller with(String key) {
		return new Caller(url(""), key);
	}

	public TestClock clock() {
		return this.clock;
	}

	/** Runs the sweeper once. */
	public void sweep() {
		SweepNow.in(this.context);
	}

	/** Notes the last uses of keys. */
	public void noteUses() {
		UsesNow.in(this.context);
	}

	/** Counts the rows once, for the metrics. */
	public void count() {
		SweepNow.count(this.context);
	}

	/** Runs the renewal of the store's identity once. */
	public void tendBinding() {
		SweepNow.tendBinding(this.context);
	}

	/** Checks the disk of the data folder once. */
	public void tendDisk() {
		EngineOf.tendDisk(this.context);
	}

	/** The embedded engine, to inspect or to stop it. */
	public EngineOf engine() {
		return new EngineOf(this.context);
	}

	/** The store as the server sees it, for a test to fail or interrupt. */
	public FailingObjectStore store() {
		return (FailingObjectStore) this.context.getBean(ObjectStore.class);
	}

	/** Makes the database permanently unreachable. */
	public void loseDatabase() {
		database().close();
	}

	/** The pool of connections to the database. */
	public HikariDataSource database() {
		return this.context.getBean(HikariDataSource.class);
	}

	/** How many connections to it are open. */
	public long connections() {
		TomcatWebServer web = (TomcatWebServer) Objects
			.requireNonNull(((WebServerApplicationContext) this.context).getWebServer());
		return ((AbstractProtocol<?>) web.getTomcat().getConnector().getProtocolHandler()).getConnectionCount();
	}

	public <T> T bean(String name, Class<T> type) {
		return this.context.getBean(name, type);
	}

	@Override
	public void close() {
		if (!this.context.isActive()) {
			return;
		}
		try (this.context) {
			MeterRegistry meters = this.context.getBean(MeterRegistry.class);
			Secrets.requireNoneIn("a metric",
					meters.getMeters().stream().map((meter) -> meter.getId().toString()).collect(joining("\n")));
			Secrets.requireNoneIn("the name of a thread",
					Thread.getAllStackTraces().keySet().stream().map(Thread::getName).collect(joining("\n")));
		}
	}

}
