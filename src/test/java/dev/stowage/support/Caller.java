package dev.stowage.support;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;

/** A plain HTTP client of a server, with a key or without one. */
public final class Caller {

	private static final HttpClient http = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.connectTimeout(Duration.ofSeconds(5))
		.build();

	private final URI server;

	private final String key;

	public Caller(URI server, String key) {
		this.server = server;
		this.key = key;
		Secrets.note(key);
	}

	/** Sends any request; headers come as name, value, name, value. */
	public Answer send(String method, String path, HttpRequest.BodyPublisher body, String... headers) {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(this.server + path))
			.timeout(Duration.ofSeconds(60))
			.method(method, body);
		if (!this.key.isEmpty()) {
			request.header("Authorization", "Bearer " + this.key);
		}
		if (headers.length > 0) {
			request.headers(headers);
		}
		Answer answer = send(request.build());
		if (answer.status() >= 400) {
			Secrets.requireNotIn(answer, this.key);
		}
		return answer;
	}

	/** Sends to any URL, without a key. */
	public static Answer sendTo(URI url, String method, String body, String... headers) {
		HttpRequest.Builder request = HttpRequest.newBuilder(url)
			.timeout(Duration.ofSeconds(60))
			.method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
		if (headers.length > 0) {
			request.headers(headers);
		}
		return send(request.build());
	}

	private static Answer send(HttpRequest request) {
		try {
			return new Answer(http.send(request, HttpResponse.BodyHandlers.ofByteArray()));
		}
		catch (IOException ex) {
			throw new AssertionError("No answer to " + request.method() + " " + request.uri().getPath(), ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError(ex);
		}
	}

	public Answer get(String path, String... headers) {
		return send("GET", path, BodyPublishers.noBody(), headers);
	}

	public Answer delete(String path) {
		return send("DELETE", path, BodyPublishers.noBody());
	}

	/** Posts nothing. */
	public Answer post(String path) {
		return send("POST", path, BodyPublishers.noBody());
	}

	/** Posts JSON. */
	public Answer post(String path, String json) {
		return send("POST", path, BodyPublishers.ofString(json), "Content-Type", "application/json");
	}

	/** Posts a form to {@code /v1/files}. */
	public Answer upload(Form form) {
		return upload(form.bytes());
	}

	/** Posts a form to any path. */
	public Answer form(String path, Form form) {
		return send("POST", path, BodyPublishers.ofByteArray(form.bytes()), "Content-Type", Form.CONTENT_TYPE);
	}

	/** Posts a form to {@code /v1/files}, with a key that names the request. */
	public Answer upload(Form form, String idempotencyKey) {
		return send("POST", "/v1/files", BodyPublishers.ofByteArray(form.bytes()), "Content-Type", Form.CONTENT_TYPE,
				"Idempotency-Key", idempotencyKey);
	}

	/** Requests an upload URL, with a key that names the request. */
	public Answer grant(String json, String idempotencyKey) {
		return send("POST", "/v1/files", BodyPublishers.ofString(json), "Content-Type", "application/json",
				"Idempotency-Key", idempotencyKey);
	}

	/** Posts the bytes of a form, whether complete or not. */
	public Answer upload(byte[] body) {
		return send("POST", "/v1/files", BodyPublishers.ofByteArray(body), "Content-Type", Form.CONTENT_TYPE);
	}

	/** Uploads a small file, and returns its id. */
	public String uploaded(String purpose, String name, String content) {
		Answer answer = upload(new Form().field("purpose", purpose).file(name, content));
		if (answer.status() != 200) {
			throw new AssertionError(answer + " for " + Arrays.asList(purpose, name));
		}
		return answer.text("id");
	}

	/** Takes a pre-signed file through its whole flow, and returns its id. */
	public String completed(String name, String json) {
		Answer created = post("/v1/files", "{\"filename\": \"%s\"}".formatted(name));
		Answer put = sendTo(URI.create(created.text("upload_url")), "PUT", json);
		Answer completed = post("/v1/files/" + created.text("id") + "/complete");
		if (put.status() != 200 || completed.status() != 200) {
			throw new AssertionError(put + ", " + completed);
		}
		return created.text("id");
	}

}
