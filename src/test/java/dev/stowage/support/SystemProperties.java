package dev.stowage.support;

import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** Properties of this process that a test sets, and puts back when it ends. */
public final class SystemProperties implements AutoCloseable {

	private final Map<String, @Nullable String> before = new HashMap<>();

	public SystemProperties set(String name, String value) {
		remember(name);
		System.setProperty(name, value);
		return this;
	}

	public SystemProperties clear(String name) {
		remember(name);
		System.clearProperty(name);
		return this;
	}

	private void remember(String name) {
		if (!this.before.containsKey(name)) {
			this.before.put(name, System.getProperty(name));
		}
	}

	@Override
	public void close() {
		this.before.forEach((name, value) -> {
			if (value == null) {
				System.clearProperty(name);
			}
			else {
				System.setProperty(name, value);
			}
		});
	}

}
