package dev.stowage.faults;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalLong;

/** The requests of clients that continue after a break, to any of several instances. */
final class AppendApi {

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	private static final int PIECE = 64 * 1024;

	private static final String TUS = "Tus-Resumable";

	private static final HttpClient http = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.connectTimeout(Duration.ofSeconds(10))
		.build();

	private final Seen seen;

	AppendApi(Seen seen) {
		this.seen = seen;
	}

	/** Begins an upload, in one of the two protocols. */
	Answer begin(URI server, Content content, boolean isTus) throws IOException, InterruptedException {
		HttpRequest.Builder request = HttpRequest
			.newBuilder(server.resolve(isTus ? "/v1/uploads" : "/v1/files?purpose=user_data"))
			.POST(HttpRequest.BodyPublishers.noBody());
		if (isTus) {
			String name = Base64.getEncoder().encodeToString(content.name().getBytes(StandardCharsets.UTF_8));
			request.header("Upload-Length", String.valueOf(content.size()))
				.header("Upload-Metadata", "filename " + name);
		}
		else {
			request.header("Upload-Complete", "?0")
				.header("Upload-Length", String.valueOf(content.size()))
				.header("Content-Disposition", "attachment; filename=\"" + content.name() + "\"");
		}
		return send(request, isTus);
	}

	/** Asks where an upload continues. */
	Answer offset(URI upload, boolean isTus) throws IOException, InterruptedException {
		return send(HttpRequest.newBuilder(upload).HEAD(), isTus);
	}

	Answer cancel(URI upload, boolean isTus) throws IOException, InterruptedException {
		return send(HttpRequest.newBuilder(upload).DELETE(), isTus);
	}

	/**
	 * Appends a run of bytes.
	 * @param isLast whether the file ends with it
	 */
	Answer append(URI upload, byte[] content, int from, int to, boolean isTus, boolean isLast)
			throws IOException, InterruptedException {
		HttpRequest.Builder request = HttpRequest.newBuilder(upload)
			.method("PATCH", HttpRequest.BodyPublishers.ofByteArray(content, from, to - from))
			.header("Upload-Offset", String.valueOf(from))
			.header("Content-Type", isTus ? "application/offset+octet-stream" : "application/partial-upload");
		if (!isTus) {
			request.header("Upload-Complete", isLast ? "?1" : "?0");
		}
		return send(request, isTus);
	}

	/**
	 * Sends the head of the same request, and only some of its bytes, then breaks the
	 * connection.
	 * @param cut where it breaks
	 * @param pauseMillis how long the client is silent before it does
	 */
	static void cut(URI upload, byte[] content, int from, int to, int cut, int pauseMillis)
			throws IOException, InterruptedException {
		String head = "PATCH " + upload.getPath() + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
				+ Server.KEY + "\r\n" + TUS + ": 1.0.0\r\nUpload-Offset: " + from
				+ "\r\nContent-Type: application/offset+octet-stream\r\nContent-Length: " + (to - from) + "\r\n\r\n";
		try (Wire wire = new Wire(upload)) {
			wire.send(head.getBytes(StandardCharsets.US_ASCII));
			for (int at = from; at < cut; at += PIECE) {
				wire.send(content, at, Math.min(cut, at + PIECE));
			}
			Thread.sleep(pauseMillis);
		}
	}

	private Answer send(HttpRequest.Builder builder, boolean isTus) throws IOException, InterruptedException {
		builder.header("Authorization", "Bearer " + Server.KEY).timeout(PATIENCE);
		if (isTus) {
			builder.header(TUS, "1.0.0");
		}
		HttpRequest request = builder.build();
		String asked = request.method() + " " + request.uri().getPath();
		long start = System.nanoTime();
		try {
			HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
			Reply reply = this.seen.reply(
					new Reply(response.statusCode(), response.headers().firstValue("Retry-After"), response.body()),
					asked, System.nanoTime() - start);
			return new Answer(reply, response.headers().firstValue("Location"),
					response.headers().firstValueAsLong("Upload-Offset"),
					response.headers().firstValue("Stowage-File-Id"));
		}
		catch (IOException ex) {
			this.seen.failure(ex, asked, System.nanoTime() - start);
			throw ex;
		}
	}

	/**
	 * An answer, and what its headers say.
	 *
	 * @param location of a new upload
	 * @param offset where the upload ends
	 * @param file the file that it became
	 */
	record Answer(Reply reply, Optional<String> location, OptionalLong offset, Optional<String> file) {

		boolean is(int... statuses) {
			return Arrays.stream(statuses).anyMatch((status) -> status == this.reply.status());
		}

	}

}
