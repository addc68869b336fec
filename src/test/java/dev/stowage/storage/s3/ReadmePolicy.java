package dev.stowage.storage.s3;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

/** The policies that the documents show, as those of a bucket for users of a Ceph. */
final class ReadmePolicy {

	private static final Pattern BLOCK = Pattern.compile("```json\n(\\{\"Version\".*?)```", Pattern.DOTALL);

	private static final Pattern STATEMENTS = Pattern.compile("\\[\n(.*)]}\\s*", Pattern.DOTALL);

	private ReadmePolicy() {
	}

	/** For the server's own calls. */
	static String server(String bucket, String user) {
		return block(1, bucket, user);
	}

	/** For signing uploads. */
	static String upload(String bucket, String user) {
		return block(2, bucket, user);
	}

	/** Both policies in one. */
	static String merged(String first, String second) {
		return "{\"Version\": \"2012-10-17\", \"Statement\": [" + statements(first) + ", " + statements(second) + "]}";
	}

	private static String statements(String policy) {
		Matcher statements = STATEMENTS.matcher(policy);
		assertThat(statements.find()).isTrue();
		return statements.group(1);
	}

	private static String block(int number, String bucket, String user) {
		try {
			Matcher block = BLOCK.matcher(Files.readString(Path.of("src/docs/operations.md")));
			for (int i = 0; i < number; i++) {
				assertThat(block.find()).isTrue();
			}
			return block.group(1)
				.replace("BUCKET", bucket)
				.replaceAll("\"(Allow|Deny)\",",
						"\"$1\", \"Principal\": {\"AWS\": \"arn:aws:iam:::user/" + user + "\"},");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
