package dev.stowage;

import java.io.File;
import java.lang.module.ModuleDescriptor.Version;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * No library is older than the first version that is known to be safe. The build cannot
 * reach a list of advisories, so the rows are kept by hand. To act on a new advisory,
 * change its row or add one.
 */
class DependencyTests {

	private static final Pattern JAR = Pattern.compile("(.+?)-(\\d[^-]*(?:-.+)?)\\.jar");

	private static final Map<String, String> VERSIONS = versions();

	private static Map<String, String> versions() {
		Map<String, String> versions = new TreeMap<>();
		Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
			.map((path) -> JAR.matcher(Path.of(path).getFileName().toString()))
			.filter(Matcher::matches)
			.forEach((jar) -> versions.put(jar.group(1), jar.group(2)));
		return versions;
	}

	@Test
	void seesTheLibraries() {
		assertThat(VERSIONS).hasSizeGreaterThan(100);
	}

	@ParameterizedTest
	@CsvSource(useHeadersInDisplayName = true, delimiter = '|',
			textBlock = """
					library              | safe from | why
					assertj-core         | 3.27.7    | external entities in XML comparisons (tests only)
					commons-compress     | 1.26.0    | endless loop and memory by hostile archives (tests only)
					commons-fileupload2-core | 2.0.0-M4 | CVE-2025-48976: memory by the headers of parts (tests only)
					commons-io           | 2.14.0    | CVE-2024-47554: CPU by hostile XML
					commons-lang3        | 3.18.0    | CVE-2025-48924: endless recursion
					guava                | 32.0.0    | CVE-2023-2976: readable temporary files
					httpclient5          | 5.4.3     | CVE-2025-27820: host names were not checked in full
					json-smart           | 2.5.2     | CVE-2024-57699: stack overflow (tests only)
					logback-core         | 1.5.25    | CVE-2025-11226, CVE-2026-1225: classes named by a configuration file
					nimbus-jose-jwt      | 10.0.2    | CVE-2025-53864: endless recursion by nested claims of a token
					postgresql           | 42.7.7    | CVE-2025-49146: channel binding was not required
					s3proxy              | 4.1.1     | 4.1.0 takes x-amz-copy-source and x-amz-acl that a URL's signature does not cover
					snakeyaml            | 2.0       | CVE-2022-1471: classes named by a document
					spring-core          | 6.2.11    | CVE-2025-41249: annotations of generic supertypes were not seen
					spring-security-core | 6.5.4     | CVE-2025-41248: the same, for method security
					spring-web           | 6.2.8     | CVE-2025-41234: downloads by names that a client chooses
					sqlite-jdbc          | 3.41.2.2  | CVE-2023-32697: code by a JDBC URL
					swagger-ui           | 4.1.3     | a page of its own from a URL's query
					tomcat-embed-core    | 11.0.12   | CVE-2025-55752, CVE-2025-61795: paths after rewriting; files of parts were kept
					""")
	void areNotBehindWhatIsKnownToBeSafe(String library, String safeFrom, String why) {
		assertThat(VERSIONS).as("a row for a library that is no longer used").containsKey(library);
		assertThat(Version.parse(VERSIONS.get(library))).as(why).isGreaterThanOrEqualTo(Version.parse(safeFrom));
	}

}
