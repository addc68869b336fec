package dev.stowage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What is true of every file of the source, and of the documents. */
class HouseRulesTests {

	private static final int MAX_LINES = 250;

	private static final Pattern LINK = Pattern.compile("]\\((?!https?:)([^)#]+)(?:#[^)]*)?\\)");

	@Test
	void everyFileIsShort() throws IOException {
		try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
			assertThat(sources.filter((path) -> path.toString().endsWith(".java")))
				.allSatisfy((path) -> assertThat(lines(path)).as(path.toString()).isLessThanOrEqualTo(MAX_LINES));
		}
	}

	@Test
	void theReadmeIsAFrontDoor() {
		assertThat(lines(Path.of("README.md"))).isLessThanOrEqualTo(120);
	}

	@Test
	void everyLinkOfADocumentLeadsSomewhere() throws IOException {
		requireLinks(Path.of("README.md"));
		try (Stream<Path> pages = Files.list(Path.of("src/docs"))) {
			assertThat(pages).isNotEmpty().allSatisfy(HouseRulesTests::requireLinks);
		}
	}

	private static void requireLinks(Path page) throws IOException {
		assertThat(LINK.matcher(Files.readString(page)).results().map((link) -> page.resolveSibling(link.group(1))))
			.as(page.toString())
			.allSatisfy((target) -> assertThat(target).exists());
	}

	private static long lines(Path path) {
		try (Stream<String> lines = Files.lines(path)) {
			return lines.count();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
