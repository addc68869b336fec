package dev.stowage.support;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import org.springframework.dao.DataAccessResourceFailureException;

/** Makes calls of a repository fail, by the name of their method. */
public final class Faults {

	private final Map<String, Moment> failing = new ConcurrentHashMap<>();

	/** Fails every call of the named method from now on. */
	public void fail(Moment moment, String method) {
		this.failing.put(method, moment);
	}

	/** Ends all failures. */
	public void heal() {
		this.failing.clear();
	}

	/** Makes a call, unless it is one that fails. */
	public <T> T around(String method, Supplier<T> real) {
		if (this.failing.get(method) == Moment.BEFORE) {
			throw new DataAccessResourceFailureException("A test made " + method + " fail");
		}
		T result = real.get();
		if (this.failing.get(method) == Moment.AFTER) {
			throw new DataAccessResourceFailureException("A test lost the answer of " + method);
		}
		return result;
	}

	/** Makes a call that returns nothing, unless it is one that fails. */
	public void around(String method, Runnable real) {
		around(method, () -> {
			real.run();
			return true;
		});
	}

	/** Before or after the real call. */
	public enum Moment {

		BEFORE, AFTER

	}

}
