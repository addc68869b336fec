package dev.stowage.keys;

import org.springframework.context.ApplicationContext;

/** Notes the last uses of keys without waiting for a minute. */
public final class UsesNow {

	private UsesNow() {
	}

	public static void in(ApplicationContext context) {
		context.getBean(LastUses.class).write();
	}

}
