package dev.stowage.support;

import org.springframework.context.ApplicationContext;
import org.springframework.test.util.ReflectionTestUtils;

/** Runs what a server does from time to time, and what nobody else may run. */
public final class SweepNow {

	private SweepNow() {
	}

	/** Sweeps once. */
	public static void in(ApplicationContext context) {
		run(context, "sweeper", "sweep");
	}

	/** Looks after the identity by which database and store know each other. */
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
