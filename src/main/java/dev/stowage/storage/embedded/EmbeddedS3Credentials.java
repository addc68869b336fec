package dev.stowage.storage.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;

/**
 * The key of the embedded store: created at the first start and kept in the data folder,
 * readable by its owner only, so that signed URLs stay valid after a restart.
 */
public final class EmbeddedS3Credentials {

	private static final String NAME = "embedded-s3.key";

	private EmbeddedS3Credentials() {
	}

	public static AwsBasicCredentials keptIn(Path dataDir) throws IOException {
		Path file = dataDir.resolve(NAME);
		try {
			return read(file);
		}
		catch (NoSuchFileException ex) {
			write(dataDir.toAbsolutePath(), file);
			return read(file);
		}
	}

	/** The key that an earlier start has created. */
	static AwsBasicCredentials in(Path dataDir) throws IOException {
		return read(dataDir.resolve(NAME));
	}

	private static AwsBasicCredentials read(Path file) throws IOException {
		List<String> lines = Files.readAllLines(file);
		if (lines.size() != 2 || lines.stream().anyMatch(String::isBlank)) {
			throw new IOException(
					file + " is not the embedded store's key. Remove it, and the next start creates a new one");
		}
		return AwsBasicCredentials.create(lines.getFirst(), lines.getLast());
	}

	private static void write(Path folder, Path file) throws IOException {
		Path fresh = Files.createTempFile(folder, "embedded-s3", ".new");
		if (fresh.getFileSystem().supportedFileAttributeViews().contains("posix")) {
			Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-------"));
		}
		Files.write(fresh, List.of(random(10), random(32)));
		ForcedFiles disk = new ForcedFiles();
		disk.forceOne(fresh);
		Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
		disk.forceOne(folder);
	}

	private static String random(int length) {
		byte[] bytes = new byte[length];
		new SecureRandom().nextBytes(bytes);
		return HexFormat.of().formatHex(bytes);
	}

}
