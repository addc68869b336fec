package dev.stowage.file;

import org.springframework.context.ApplicationContext;

/** Lets tests of other packages run the sweeper, and what counts its work. */
public final class SweepNow {

	private SweepNow() {
	}

	/** Runs it once. */
	public static void in(ApplicationContext context) {
		context.getBean(Sweeper.class).sweep();
	}

	/** Looks after the word by which database and store know each other, once. */
	public static void tendBinding(ApplicationContext context) {
		context.getBean(StoreBinding.class).tend();
	}

	/** Counts the rows. */
	public static void count(ApplicationContext context) {
		context.getBean(FileCounts.class).count();
	}

}
