package dev.stowage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs {@code mvnw} with nothing on the PATH but the few tools that it may use, and a
 * tiny archive instead of Maven's.
 */
class MvnwTests {

	private static final Path MVNW = Path.of("mvnw").toAbsolutePath();

	private static final String ECHO = "[ \"$*\" = boom ] && exit 7\nprintf '%s in %s:' \"$0\" \"$PWD\"\nprintf ' <%s>' \"$@\"\n";

	private static final String MIRROR = "https://mirror.invalid/maven.tar.gz";

	@TempDir
	private Path temp;

	private Path bin;

	private Path userHome;

	private Path installed;

	private Path archive;

	private String url;

	private String javaHome = "";

	@BeforeEach
	void setUp() throws Exception {
		this.bin = Files.createDirectory(this.temp.resolve("bin"));
		for (String tool : List.of("cp", "gzip", "mkdir", "mktemp", "mv", "rm", "sed", "sha512sum", "tar")) {
			script(this.bin.resolve(tool), "exec '%s' \"$@\"\n".formatted(find(tool)));
		}
		this.userHome = this.temp.resolve("a user's home: with spaces");
		this.installed = this.userHome.resolve("wrapper/apache-maven-3.9.11");
		this.archive = pack("apache-maven-3.9.11");
		this.url = this.archive.toUri().toString();
	}

	@Test
	void pinsAnArchiveOfTheApacheSoftwareFoundation() throws IOException {
		assertThat(MVNW).isExecutable();
		assertThat(Files.readString(MVNW)).startsWith("#!/bin/sh\n")
			.containsPattern("(?m)^version=3\\.9\\.11$")
			.containsPattern("(?m)^sha512=[0-9a-f]{128}$")
			.contains(
					"https://archive.apache.org/dist/maven/maven-3/$version/binaries/apache-maven-$version-bin.tar.gz");
	}

	@ParameterizedTest
	@ValueSource(strings = { "3.8.0", "3.9.11 (x)", "3.10.1", "4.0.0-rc-4", "10.0.0", "3.8.7\u001B[m" })
	void runsTheMavenOnThePathWithTheArgumentsUnchanged(String version) throws Exception {
		mavenOnThePath(version, 0);
		Run run = run(MVNW, "clean", "a b", "", "it's", "\"$HOME\" * \\", "-Dx=1\ny");
		assertThat(run).isEqualTo(new Run(0,
				this.bin.resolve("mvn") + " in " + this.temp + ": <clean> <a b> <> <it's> <\"$HOME\" * \\> <-Dx=1\ny>",
				""));
		assertThat(this.userHome).doesNotExist();
		assertThat(run(MVNW, "boom").status).isEqualTo(7);
	}

	@ParameterizedTest
	@CsvSource({ "2.2.1, 0", "3.6.3, 0", "3.7.9, 0", "3.9.11, 1", "unknown, 0" })
	void fetchesMavenWhenThatOnThePathIsTooOldOrFails(String version, int status) throws Exception {
		mavenOnThePath(version, status);
		assertRunsFetchedMaven(run(pinnedTo(this.archive), "-B", "a b"));
	}

	@ParameterizedTest
	@CsvSource({ "1.8.0_402, jdk-25", "17.0.12, jdk-25", ", jdk-25", "21.0.5, none", "26-ea, none" })
	void runsMavenOnTheNewestJdkUnlessThatOnThePathIsNewEnough(@Nullable String onThePath, String used)
			throws Exception {
		javaOnThePath(onThePath);
		assertThat(run(mvnwOfMachineWith("17.0.12", "21.0.5", "25", "24.0.2"), "-B").out).endsWith(used);
	}

	@Test
	void runsMavenOnWhatJavaHomeSays() throws Exception {
		javaOnThePath("17.0.12");
		this.javaHome = "/chosen";
		assertThat(run(mvnwOfMachineWith("25"), "-B").out).isEqualTo("/chosen");
	}

	@Test
	void runsMavenOnAnOldJavaIfThereIsNoOther() throws Exception {
		javaOnThePath("17.0.12");
		assertThat(run(mvnwOfMachineWith("17.0.12"), "-B").out).isEqualTo("none");
		assertThat(run(mvnwOfMachineWith(), "-B").out).isEqualTo("none");
	}

	private void javaOnThePath(@Nullable String version) throws IOException {
		if (version != null) {
			script(this.bin.resolve("java"), "echo 'openjdk version \"%s\" 2024-07-16' >&2\n".formatted(version));
		}
	}

	/** Its Maven prints only what it runs on. A folder may also hold no compiler. */
	private Path mvnwOfMachineWith(String... versions) throws Exception {
		script(this.bin.resolve("mvn"),
				"[ $1 = -version ] && echo Apache Maven 3.9.11 || printf %s \"${JAVA_HOME:-none}\"\n");
		Path machine = Files.createTempDirectory(this.temp, "a machine");
		jdk(machine, "99.0.1");
		Files.delete(machine.resolve("jdk-99.0.1/bin/javac"));
		for (String version : versions) {
			jdk(machine, version);
		}
		Path copy = machine.resolve("mvnw");
		Files.copy(MVNW, copy);
		return Files.writeString(copy, Files.readString(copy).replace("/usr/lib/jvm", "'" + machine + "'"));
	}

	private static void jdk(Path machine, String version) throws IOException {
		Path home = machine.resolve("jdk-" + version);
		Files.createDirectories(home.resolve("bin"));
		script(home.resolve("bin/javac"), "");
		Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"%s\"\n".formatted(version));
	}

	@Test
	void fetchesMavenOnce() throws Exception {
		Path mvnw = pinnedTo(this.archive);
		assertRunsFetchedMaven(run(mvnw, "-B", "a b"));
		Files.delete(this.archive);
		Run second = run(mvnw, "-B", "a b");
		assertRunsFetchedMaven(second);
		assertThat(second.err).isEmpty();
	}

	@Test
	void keepsMavenInTheHomeFolderWhenNoOtherIsNamed() throws Exception {
		this.installed = this.temp.resolve(".m2/wrapper/apache-maven-3.9.11");
		this.userHome = Path.of("");
		assertRunsFetchedMaven(run(pinnedTo(this.archive), "-B", "a b"));
	}

	@Test
	void refusesAnArchiveWithAnotherChecksum() throws Exception {
		Path mvnw = pinnedTo(this.archive);
		String expected = sha512(this.archive);
		Files.writeString(this.archive, "another archive");
		assertFails(mvnw, "its SHA-512 is %s, expected %s".formatted(sha512(this.archive), expected));
	}

	@Test
	void saysWhatIsWrongWithTheArchiveAndLeavesNothing() throws Exception {
		Files.copy(pack("something-else"), this.archive, StandardCopyOption.REPLACE_EXISTING);
		assertFails(pinnedTo(this.archive), "no Maven in " + this.installed);
		Files.writeString(this.archive, "no archive");
		Path mvnw = pinnedTo(this.archive);
		assertFails(mvnw, "cannot unpack " + this.url);
		Files.delete(this.archive);
		assertFails(mvnw, "cannot fetch " + this.url);
		this.url = MIRROR;
		assertFails(mvnw, "curl or wget");
	}

	@ParameterizedTest
	@CsvSource({ "curl, -o", "wget, -O" })
	void fetchesWithCurlOrWget(String tool, String option) throws Exception {
		this.url = MIRROR;
		script(this.bin.resolve(tool), """
				while [ $# -gt 1 ]; do [ "$1" = %s ] && to=$2; shift; done
				[ "$1" = %s ] && cp '%s' "$to"
				""".formatted(option, this.url, this.archive));
		assertRunsFetchedMaven(run(pinnedTo(this.archive), "-B", "a b"));
	}

	@ParameterizedTest
	@CsvSource({ "shasum, -a 512", "openssl, dgst -sha512 -r" })
	void checksWithWhatTheMachineHas(String tool, String options) throws Exception {
		Files.delete(this.bin.resolve("sha512sum"));
		assertFails(pinnedTo(this.archive), "sha512sum, shasum or openssl");
		script(this.bin.resolve(tool), "[ \"$*\" = '%s' ] && %s\n".formatted(options, find("sha512sum")));
		assertRunsFetchedMaven(run(pinnedTo(this.archive), "-B", "a b"));
	}

	@Test
	void leavesNothingWhenInterrupted() throws Exception {
		this.url = MIRROR;
		script(this.bin.resolve("curl"), "kill -TERM $PPID\n");
		assertThat(run(pinnedTo(this.archive), "-B").status).isEqualTo(143);
		assertNothingIsLeft();
	}

	@Test
	void yieldsToRunThatWasFaster() throws Exception {
		this.url = MIRROR;
		script(this.bin.resolve("curl"), """
				while [ "$1" != -o ]; do shift; done
				cp '%s' "$2"
				tar -xzf - -C "${2%%/*}/.." <"$2"
				""".formatted(this.archive));
		assertRunsFetchedMaven(run(pinnedTo(this.archive), "-B", "a b"));
	}

	private void assertRunsFetchedMaven(Run run) throws IOException {
		assertThat(run.out).isEqualTo(this.installed.resolve("bin/mvn") + " in " + this.temp + ": <-B> <a b>");
		assertThat(list(this.installed.resolveSibling("."))).containsExactly(this.installed.getFileName());
		assertThat(list(this.installed)).containsExactly(Path.of("bin"));
	}

	private void assertFails(Path mvnw, String message) throws Exception {
		Run run = run(mvnw, "-B");
		assertThat(run.status).isEqualTo(1);
		assertThat(run.out).isEmpty();
		assertThat(run.err).contains("mvnw: ").contains(message);
		assertNothingIsLeft();
	}

	private void assertNothingIsLeft() throws IOException {
		assertThat(list(this.userHome.resolve("wrapper"))).isEmpty();
	}

	private void mavenOnThePath(String version, int status) throws IOException {
		script(this.bin.resolve("mvn"),
				"[ \"$*\" = -version ] && echo '\u001B[1mApache Maven %s' && exit %d\n".formatted(version, status)
						+ ECHO);
	}

	private Path pinnedTo(Path archive) throws Exception {
		Path copy = Files.copy(MVNW, this.temp.resolve("mvnw"), StandardCopyOption.REPLACE_EXISTING);
		String pinned = Files.readString(copy).replaceFirst("(?m)^sha512=.*$", "sha512=" + sha512(archive));
		return Files.writeString(copy, pinned);
	}

	private Path pack(String folder) throws Exception {
		script(Files.createDirectories(this.temp.resolve("content/" + folder + "/bin")).resolve("mvn"), ECHO);
		Path packed = Files.createDirectories(this.temp.resolve("a mirror")).resolve(folder + ".tar.gz");
		Process tar = new ProcessBuilder(find("tar").toString(), "-czf", packed.toString(), "-C",
				this.temp.resolve("content").toString(), folder)
			.start();
		assertThat(tar.waitFor()).isZero();
		return packed;
	}

	private Run run(Path mvnw, String... arguments) throws Exception {
		ProcessBuilder builder = new ProcessBuilder(mvnw.toString());
		builder.command().addAll(List.of(arguments));
		builder.environment().clear();
		builder.environment()
			.putAll(Map.of("PATH", this.bin.toString(), "HOME", this.temp.toString(), "MAVEN_USER_HOME",
					this.userHome.toString(), "MVNW_DISTRIBUTION_URL", this.url, "JAVA_HOME", this.javaHome));
		Process process = builder.directory(this.temp.toFile())
			.redirectError(this.temp.resolve("err").toFile())
			.start();
		String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
		return new Run(process.exitValue(), out, Files.readString(this.temp.resolve("err")));
	}

	private static void script(Path file, String body) throws IOException {
		Files.writeString(file, "#!/bin/sh\n" + body);
		Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
	}

	private static Path find(String tool) {
		return Stream.of(System.getenv("PATH").split(":"))
			.map((folder) -> Path.of(folder, tool))
			.filter(Files::isExecutable)
			.findFirst()
			.orElseThrow();
	}

	private static List<Path> list(Path folder) throws IOException {
		try (Stream<Path> files = Files.list(folder)) {
			return files.map(Path::getFileName).toList();
		}
	}

	private static String sha512(Path file) throws Exception {
		return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-512").digest(Files.readAllBytes(file)));
	}

	private record Run(int status, String out, String err) {
	}

}
