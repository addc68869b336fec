package dev.stowage.api.tus;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.Arrays;
import java.util.Random;

import dev.stowage.support.Answer;
import dev.stowage.support.Caller;
import dev.stowage.support.OnSeveralCopies;
import dev.stowage.support.RawConnection;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Uploads that continue on another instance. */
class TusOnSeveralInstancesTests extends OnSeveralCopies {

	private static final String BYTES = "application/offset+octet-stream";

	@Test
	void takePiecesFromAnyOfThem() {
		byte[] bytes = new byte[3_000_000];
		new Random(SEED).nextBytes(bytes);
		String path = created(bytes.length);
		String file = "";
		for (int from = 0; from < bytes.length; from += 400_000) {
			assertThat(offset(any(), path)).isEqualTo(from);
			byte[] piece = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + 400_000));
			Answer appended = any().send("PATCH", path, BodyPublishers.ofByteArray(piece), "Tus-Resumable", "1.0.0",
					"Content-Type", BYTES, "Upload-Offset", String.valueOf(from));
			assertThat(appended.status()).isEqualTo(204);
			file = appended.header("Content-Location").orElse("");
		}
		assertThat(any().get(file + "/content").bytes()).isEqualTo(bytes);
		assertThat(offset(any(), path)).isEqualTo(bytes.length);
	}

	@Test
	void endAnOlderRequestOfAnotherInstance() throws Exception {
		String path = created(5);
		StowageServer first = this.copies.all().getFirst();
		Caller second = this.copies.all().getLast().alice();
		try (RawConnection older = new RawConnection(first)) {
			older.send("PATCH " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + StowageServer.ALICE
					+ "\r\nTus-Resumable: 1.0.0\r\nContent-Type: " + BYTES
					+ "\r\nUpload-Offset: 0\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
			assertThat(older.answer()).startsWith("HTTP/1.1 100");
			older.send("he");
			assertThat(offset(second, path)).isLessThanOrEqualTo(2);
			assertThat(older.answer()).startsWith("HTTP/1.1 409").contains("\"code\":\"upload_taken_over\"");
		}
		int offset = (int) offset(second, path);
		Answer last = second.send("PATCH", path, BodyPublishers.ofString("hello".substring(offset)), "Tus-Resumable",
				"1.0.0", "Content-Type", BYTES, "Upload-Offset", String.valueOf(offset));
		String file = last.header("Content-Location").orElseThrow();
		assertThat(any().get(file + "/content").body()).isEqualTo("hello");
	}

	private String created(long length) {
		return any()
			.send("POST", "/v1/uploads", BodyPublishers.noBody(), "Tus-Resumable", "1.0.0", "Upload-Length",
					String.valueOf(length))
			.header("Location")
			.orElseThrow();
	}

	private static long offset(Caller caller, String path) {
		Answer asked = caller.send("HEAD", path, BodyPublishers.noBody(), "Tus-Resumable", "1.0.0");
		assertThat(asked.status()).isEqualTo(200);
		return Long.parseLong(asked.header("Upload-Offset").orElseThrow());
	}

}
