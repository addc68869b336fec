package dev.stowage.support;

import org.springframework.context.ApplicationContext;
import org.springframework.test.util.ReflectionTestUtils;

/** Runs the scheduled tasks of a server, which are not public. */
public final class SweepNow {

	private SweepNow() {
	}

	/** Sweeps once. */
	public static void in(ApplicationContext context) {
		run(context, "sweeper", "sweep");
	}

	/** Runs the renewal of the store's identity. */
	public static void tendBinding(ApplicationContext context) {
		run(context, "storeBinding", "tend");
	}

	/** Counts the rows. */
	public static void count(ApplicationContext context) {
		run(context, "fileCounts", "count");
	}

	private static void run(ApplicationContext context, String bean, String method) {
		ReflectionTestUtils.invokeMethod(context.getBean(bean), method);
	}

}
