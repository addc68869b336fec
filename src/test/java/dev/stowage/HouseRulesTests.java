package dev.stowage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.stowage.support.Page;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Rules for every source file, and for the documents. */
class HouseRulesTests {

	private static final int MAX_LINES = 250;

	private static final int MAX_TYPES = 20;

	private static final Pattern LINK = Pattern.compile("]\\((?!https?:)([^)#]+)(?:#[^)]*)?\\)");

	private static final Pattern BAR = Pattern.compile("(?<!\\\\)\\|");

	private static final Pattern TEST = Pattern.compile("`(\\w+(?:Tests|Bench|Faults|Contract))(?:\\.\\w+)?`");

	@Test
	void everyFileIsShort() throws IOException {
		try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
			assertThat(sources.filter((path) -> path.toString().endsWith(".java")))
				.allSatisfy((path) -> assertThat(lines(path)).as(path.toString()).isLessThanOrEqualTo(MAX_LINES));
		}
	}

	@Test
	void everyRoomIsSmall() throws IOException {
		try (Stream<Path> rooms = Files.walk(Path.of("src/main/java")).filter(Files::isDirectory)) {
			assertThat(rooms)
				.allSatisfy((room) -> assertThat(types(room)).as(room.toString()).isLessThanOrEqualTo(MAX_TYPES));
		}
	}

	private static long types(Path room) {
		try (Stream<Path> files = Files.list(room)) {
			return files.map((file) -> file.getFileName().toString())
				.filter((name) -> name.endsWith(".java") && !name.equals("package-info.java"))
				.count();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Test
	void theReadmeIsAFrontDoor() {
		assertThat(lines(Path.of("README.md"))).isLessThanOrEqualTo(120);
	}

	@Test
	void everyLinkOfADocumentLeadsSomewhere() throws IOException {
		assertThat(Page.all()).hasSizeGreaterThan(1).extracting(Page::path).allSatisfy(HouseRulesTests::requireLinks);
	}

	@Test
	void everyRowOfATableHasItsCells() throws IOException {
		for (Page page : Page.all()) {
			boolean isCode = false;
			long cells = 0;
			for (String line : Files.readAllLines(page.path())) {
				isCode ^= line.startsWith("```");
				boolean isRow = !isCode && line.startsWith("|");
				long found = isRow ? BAR.matcher(line).results().count() : 0;
				assertThat(found).as(page.path() + ": " + line).isIn(0L, (cells > 0) ? cells : found);
				cells = found;
			}
		}
	}

	@Test
	void everyTestThatADocumentNamesExists() throws IOException {
		try (Stream<Path> sources = Files.walk(Path.of("src"))) {
			Set<String> types = sources.map((path) -> path.getFileName().toString()).collect(Collectors.toSet());
			assertThat(Page.all()).extracting(Page::path)
				.allSatisfy((page) -> assertThat(TEST.matcher(Files.readString(page)).results())
					.extracting((name) -> name.group(1) + ".java")
					.as(page.toString())
					.isSubsetOf(types));
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
