package dev.stowage.support;

import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs all tests of a class on each {@link Backing} that is available here. */
@ParameterizedClass(name = "{0}")
@MethodSource("dev.stowage.support.Backing#all")
public abstract class OnEachBacking {

	/** The backing of the running tests. */
	@Parameter
	protected Backing backing;

}
