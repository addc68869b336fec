package dev.stowage.multipart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThatCode;

/** Replays the inputs that Jazzer has kept. */
class MultipartFuzzTests {

	static List<Path> corpus() throws IOException {
		try (Stream<Path> inputs = Files.list(Path.of("src/test/resources/fuzz/multipart"))) {
			return inputs.sorted().toList();
		}
	}

	@ParameterizedTest
	@MethodSource("corpus")
	void readsInputOfTheCorpus(Path input) throws IOException {
		byte[] data = Files.readAllBytes(input);
		assertThatCode(() -> MultipartFuzz.fuzzerTestOneInput(data)).doesNotThrowAnyException();
	}

}
