package dev.stowage.file;

import org.springframework.context.ApplicationContext;

/** Lets tests of other packages run the sweeper. */
public final class SweepNow {

	private SweepNow() {
	}

	/** Runs it once. */
	public static void in(ApplicationContext context) {
		context.getBean(Sweeper.class).sweep();
	}

}
