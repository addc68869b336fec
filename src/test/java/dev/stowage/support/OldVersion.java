package dev.stowage.support;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * What an older version of the server left behind, as {@code src/test/upgrade/keep} kept
 * it: its data folder, its database where that is not in the folder, and what it answered
 * when it was asked for its files.
 */
public record OldVersion(Path kept) {

	private static final Path ALL = Path.of("src/test/resources/dev/stowage/upgrade");

	/** One for each version and database. */
	public static List<OldVersion> all() throws IOException {
		try (Stream<Path> files = Files.walk(ALL)) {
			return files.filter((file) -> file.endsWith("answers.json"))
				.sorted()
				.map((file) -> new OldVersion(Objects.requireNonNull(file.getParent())))
				.toList();
		}
	}

	/** What it said of its files. */
	public JsonNode answers() throws IOException {
		return JsonMapper.shared().readTree(Files.readString(this.kept.resolve("answers.json")));
	}

	/**
	 * Unpacks its data into a folder and starts this version over it. For the server it
	 * is the second at which the old one said what it had, because grants and files
	 * expire, and tests run on any day. The database's own clock and the store's show the
	 * real time, by which nothing here expires.
	 */
	public StowageServer start(Path folder) throws IOException {
		unpack(folder);
		StowageServer server = StowageServer.start(folder, restoredDatabase());
		Instant recorded = Instant.ofEpochSecond(answers().path("recorded_at").asLong());
		server.clock().move(Duration.between(server.clock().instant(), recorded));
		return server;
	}

	private String[] restoredDatabase() throws IOException {
		Path dump = this.kept.resolve("dump.sql");
		if (Files.notExists(dump)) {
			return new String[0];
		}
		String url = TestPostgres.database("upgrade-" + UUID.randomUUID());
		new JdbcTemplate(new DriverManagerDataSource(url)).execute(Files.readString(dump));
		return new String[] { "spring.datasource.url=" + url, "stowage.s3.bucket=embedded" };
	}

	private void unpack(Path folder) throws IOException {
		try (InputStream packed = Files.newInputStream(this.kept.resolve("folder.zip"));
				ZipInputStream archive = new ZipInputStream(packed)) {
			for (@Nullable
			ZipEntry entry = archive.getNextEntry(); entry != null; entry = archive.getNextEntry()) {
				Path target = folder.resolve(entry.getName());
				if (entry.isDirectory()) {
					Files.createDirectories(target);
				}
				else {
					Files.copy(archive, target);
				}
			}
		}
		Path attributes = folder.resolve("attributes.json");
		for (Map.Entry<String, JsonNode> file : JsonMapper.shared()
			.readTree(Files.readString(attributes))
			.properties()) {
			restore(folder.resolve(file.getKey()), file.getValue());
		}
		Files.delete(attributes);
	}

	/** S3Proxy does without them where a file system has none. */
	private static void restore(Path file, JsonNode attributes) throws IOException {
		@Nullable UserDefinedFileAttributeView view = Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
		if (view != null) {
			for (Map.Entry<String, JsonNode> each : attributes.properties()) {
				view.write(each.getKey(), ByteBuffer.wrap(HexFormat.of().parseHex(each.getValue().asString())));
			}
		}
	}

	@Override
	public String toString() {
		return ALL.relativize(this.kept).toString();
	}

}
