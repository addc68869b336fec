package dev.stowage.startup;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/**
 * Ends the process when memory runs out: the thread that gets the error may be the one
 * that accepts connections, and a server without it answers nothing.
 * {@code -XX:+ExitOnOutOfMemoryError} does the same, but neither a jar nor a running JVM
 * can set it.
 * <p>
 * The error is noticed if it ends a thread, or if code that caught it logs it, as
 * containers of requests and tasks do.
 */
public final class OutOfMemory extends TurboFilter implements Thread.UncaughtExceptionHandler {

	/** The exit code of {@code -XX:+ExitOnOutOfMemoryError}. */
	private static final int EXIT_CODE = 3;

	private static final int DEEPEST_CAUSE = 20;

	private static final Logger logger = LoggerFactory.getLogger(OutOfMemory.class);

	/** Created in advance, because no memory is left later. */
	private static final byte[] LINE = ("Out of memory: the process halts and must be restarted."
			+ " Give the JVM more memory (-Xmx) if this happens again.\n")
		.getBytes(StandardCharsets.UTF_8);

	private static final FileOutputStream OUT = new FileOutputStream(FileDescriptor.out);

	private static final AtomicBoolean halting = new AtomicBoolean();

	private OutOfMemory() {
	}

	/** Watches all threads from now on, and the log once it has been set up. */
	public static void haltOnThreads() {
		Thread.setDefaultUncaughtExceptionHandler(new OutOfMemory());
	}

	/** Watches the log from now on. */
	public static void haltOnLog() {
		if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
			OutOfMemory filter = new OutOfMemory();
			filter.setContext(context);
			filter.start();
			context.addTurboFilter(filter);
		}
	}

	@Override
	public void uncaughtException(Thread thread, Throwable ex) {
		haltIfOutOfMemory(ex);
		logger.error("The thread {} ended", thread.getName(), ex);
	}

	@Override
	public FilterReply decide(@Nullable Marker marker, ch.qos.logback.classic.Logger source, Level level,
			@Nullable String format, Object @Nullable [] parameters, @Nullable Throwable ex) {
		haltIfOutOfMemory(ex);
		if (parameters != null && parameters.length > 0
				&& parameters[parameters.length - 1] instanceof Throwable last) {
			haltIfOutOfMemory(last);
		}
		return FilterReply.NEUTRAL;
	}

	private static void haltIfOutOfMemory(@Nullable Throwable ex) {
		Throwable cause = ex;
		for (int depth = 0; cause != null && depth < DEEPEST_CAUSE; depth++) {
			if (cause instanceof OutOfMemoryError) {
				halt();
			}
			cause = cause.getCause();
		}
	}

	/** Halts, because shutdown hooks would need memory, too. */
	private static void halt() {
		if (halting.getAndSet(true)) {
			return;
		}
		try {
			OUT.write(LINE);
		}
		catch (IOException ex) {
			// the log cannot be written
		}
		finally {
			Runtime.getRuntime().halt(EXIT_CODE);
		}
	}

}
