package dev.stowage.storage.embedded;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a killed process left: partial objects, which S3Proxy would list, and multipart
 * uploads that nobody continues. S3Proxy would not find all of them.
 */
final class UnfinishedWrites {

	/** S3Proxy writes an object under such a name, and then moves it to its key. */
	private static final Pattern HALF = Pattern.compile(".*-\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

	/**
	 * How the name of S3Proxy's first note of a multipart upload begins, before its id.
	 */
	static final String NOTE = ".s3proxy-mpu-stub-";

	/** The folder of its parts and of its second note, or one of these by itself. */
	private static final Pattern UPLOAD = Pattern.compile("\\.mpus-([0-9a-f-]{36})-.*");

	/** The second note of an upload that another process can continue. */
	private static final Pattern CONTINUED = Pattern.compile(".*\\.[0-9]+-stub");

	private UnfinishedWrites() {
	}

	/** The files and folders to remove from a bucket that nobody writes to. */
	static List<Path> in(Path bucket) throws IOException {
		List<Path> unfinished = new ArrayList<>();
		try (DirectoryStream<Path> entries = Files.newDirectoryStream(bucket)) {
			for (Path entry : entries) {
				String name = entry.getFileName().toString();
				Matcher upload = UPLOAD.matcher(name);
				if (name.startsWith(NOTE) ? !isContinued(bucket, name.substring(NOTE.length()))
						: upload.matches() && !isContinued(bucket, upload.group(1))) {
					unfinished.add(entry);
				}
				else if (Files.isDirectory(entry)) {
					addHalves(entry, unfinished);
				}
			}
		}
		return unfinished;
	}

	/** Whether both notes of an upload are there, and it is one that is continued. */
	private static boolean isContinued(Path bucket, String id) throws IOException {
		Path folder = bucket.resolve(".mpus-" + id + "-files");
		if (!Files.isDirectory(folder) || !Files.exists(bucket.resolve(NOTE + id))) {
			return false;
		}
		try (DirectoryStream<Path> notes = Files.newDirectoryStream(folder, (file) -> isNamed(file, CONTINUED))) {
			return notes.iterator().hasNext();
		}
	}

	private static void addHalves(Path folder, List<Path> unfinished) throws IOException {
		try (DirectoryStream<Path> halves = Files.newDirectoryStream(folder, (file) -> isNamed(file, HALF))) {
			halves.forEach(unfinished::add);
		}
	}

	private static boolean isNamed(Path path, Pattern name) {
		return name.matcher(path.getFileName().toString()).matches();
	}

}
