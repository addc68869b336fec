package dev.stowage.support;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A JVM like this one. */
public final class JavaProcess extends ChildProcess {

	public JavaProcess(Path output, Map<String, String> environment, List<String> arguments) throws IOException {
		super(output, environment, Stream.concat(Stream.of(java()), arguments.stream()).toList());
	}

	private static String java() {
		return Path.of(System.getProperty("java.home"), "bin", "java").toString();
	}

}
