package dev.stowage.faults;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

import dev.stowage.support.Form;

/** The requests of clients, to the server or, signed, to its store. */
final class Api {

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	private static final HttpClient http = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.connectTimeout(Duration.ofSeconds(10))
		.build();

	private final URI server;

	private final Seen seen;

	private final Seen seenOfStore;

	Api(URI server, Seen seen, Seen seenOfStore) {
		this.server = server;
		this.seen = seen;
		this.seenOfStore = seenOfStore;
	}

	Reply upload(Content content) throws IOException, InterruptedException {
		return ask("POST", "/v1/files", BodyPublishers.ofByteArray(content.form()), Form.CONTENT_TYPE);
	}

	Reply grant(Content content) throws IOException, InterruptedException {
		return ask("POST", "/v1/files", BodyPublishers.ofString("{\"filename\": \"" + content.name() + "\"}"),
				"application/json");
	}

	/** With a key that names the request. */
	Reply upload(Content content, String idempotencyKey) throws IOException, InterruptedException {
		return ask("POST", "/v1/files", BodyPublishers.ofByteArray(content.form()), Form.CONTENT_TYPE, idempotencyKey);
	}

	/** With a key that names the request. */
	Reply grant(Content content, String idempotencyKey) throws IOException, InterruptedException {
		return ask("POST", "/v1/files", BodyPublishers.ofString("{\"filename\": \"" + content.name() + "\"}"),
				"application/json", idempotencyKey);
	}

	Reply put(URI url, Content content) throws IOException, InterruptedException {
		return send(HttpRequest.newBuilder(url).PUT(BodyPublishers.ofByteArray(content.bytes())), this.seenOfStore,
				"PUT");
	}

	Reply complete(String id) throws IOException, InterruptedException {
		return ask("POST", "/v1/files/" + id + "/complete", BodyPublishers.noBody(), "");
	}

	/** Begins an upload in parts. */
	Reply begin(Content content) throws IOException, InterruptedException {
		return ask("POST", "/v1/uploads", BodyPublishers.ofString("""
				{"purpose": "user_data", "filename": "%s", "bytes": %d, "mime_type": "application/octet-stream"}"""
			.formatted(content.name(), content.size())), "application/json");
	}

	Reply part(String upload, byte[] bytes) throws IOException, InterruptedException {
		byte[] form = new Form().part("form-data; name=\"data\"; filename=\"blob\"", bytes).bytes();
		return ask("POST", "/v1/uploads/" + upload + "/parts", BodyPublishers.ofByteArray(form), Form.CONTENT_TYPE);
	}

	Reply complete(String upload, List<String> parts) throws IOException, InterruptedException {
		return ask("POST", "/v1/uploads/" + upload + "/complete",
				BodyPublishers.ofString("{\"part_ids\": [\"" + String.join("\", \"", parts) + "\"]}"),
				"application/json");
	}

	Reply cancel(String upload) throws IOException, InterruptedException {
		return ask("POST", "/v1/uploads/" + upload + "/cancel", BodyPublishers.noBody(), "");
	}

	Reply delete(String id) throws IOException, InterruptedException {
		return ask("DELETE", "/v1/files/" + id, BodyPublishers.noBody(), "");
	}

	/** The bytes, whichever way the file's style gives them. */
	Reply content(String id, boolean byLink) throws IOException, InterruptedException {
		Reply answer = ask("GET", "/v1/files/" + id + "/content", BodyPublishers.noBody(), "");
		if (!byLink || answer.status() != 200) {
			return answer;
		}
		return send(HttpRequest.newBuilder(URI.create(answer.text("download_url"))), this.seenOfStore, "GET");
	}

	Reply list(String after) throws IOException, InterruptedException {
		return ask("GET", "/v1/files?limit=1000" + (after.isEmpty() ? "" : "&after=" + after), BodyPublishers.noBody(),
				"");
	}

	private Reply ask(String method, String path, BodyPublisher body, String type)
			throws IOException, InterruptedException {
		return ask(method, path, body, type, "");
	}

	private Reply ask(String method, String path, BodyPublisher body, String type, String idempotencyKey)
			throws IOException, InterruptedException {
		HttpRequest.Builder request = HttpRequest.newBuilder(this.server.resolve(path))
			.header("Authorization", "Bearer " + Server.KEY)
			.method(method, body);
		if (!type.isEmpty()) {
			request.header("Content-Type", type);
		}
		if (!idempotencyKey.isEmpty()) {
			request.header("Idempotency-Key", idempotencyKey);
		}
		return send(request, this.seen, method + " " + path);
	}

	private static Reply send(HttpRequest.Builder request, Seen seen, String asked)
			throws IOException, InterruptedException {
		long start = System.nanoTime();
		try {
			HttpResponse<byte[]> response = http.send(request.timeout(PATIENCE).build(),
					HttpResponse.BodyHandlers.ofByteArray());
			return seen.reply(
					new Reply(response.statusCode(), response.headers().firstValue("Retry-After"), response.body()),
					asked, System.nanoTime() - start);
		}
		catch (IOException ex) {
			seen.failure(ex, asked, System.nanoTime() - start);
			throw ex;
		}
	}

}
