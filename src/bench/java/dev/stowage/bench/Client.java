package dev.stowage.bench;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;

/** The requests of the load, to the server or, pre-signed, to a store. */
final class Client {

	private static final String BOUNDARY = "----WebKitFormBoundary7MA4YWxkTrZu0gW";

	private static final String BEFORE_FILE = "--" + BOUNDARY
			+ "\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nuser_data\r\n--" + BOUNDARY
			+ "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"bench.bin\"\r\n"
			+ "Content-Type: application/octet-stream\r\n\r\n";

	private static final String BEFORE_DATA = "--" + BOUNDARY
			+ "\r\nContent-Disposition: form-data; name=\"data\"; filename=\"upload\"\r\n"
			+ "Content-Type: application/octet-stream\r\n\r\n";

	static final String AFTER_FILE = "\r\n--" + BOUNDARY + "--\r\n";

	private static final String GRANT = "{\"filename\": \"data.json\"}";

	private Client() {
	}

	/** Uploads a file through the server. */
	static String upload(Connection connection, long size) throws IOException {
		return uploaded(connection.send(formHead(size), size, AFTER_FILE));
	}

	/** Uploads a file through the server, with a key that names the request. */
	static String upload(Connection connection, long size, String idempotencyKey) throws IOException {
		String head = formHead(size);
		String withKey = head.replaceFirst("\r\n", "\r\nIdempotency-Key: " + idempotencyKey + "\r\n");
		return uploaded(connection.send(withKey, size, AFTER_FILE));
	}

	/** Uploads one at a number of bytes a second, a second's worth at once. */
	static String uploadSlowly(Connection connection, long size, int perSecond)
			throws IOException, InterruptedException {
		connection.send(formHead(size));
		long start = System.nanoTime();
		for (long sent = 0; sent < size; sent += perSecond) {
			long due = start + Duration.ofSeconds(1).multipliedBy(sent / perSecond).toNanos();
			Thread.sleep(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
			connection.sendRandom(Math.min(perSecond, size - sent));
		}
		return uploaded(connection.send(AFTER_FILE));
	}

	/** Sends half a file. */
	static void uploadHalf(Connection connection, long size) throws IOException {
		connection.send(formHead(size)).sendRandom(size / 2);
	}

	private static String formHead(long size) {
		long length = BEFORE_FILE.length() + size + AFTER_FILE.length();
		return head("POST", "/v1/files", "multipart/form-data; boundary=" + BOUNDARY, length) + BEFORE_FILE;
	}

	private static String uploaded(Connection connection) throws IOException {
		return id(connection.answer().require(200));
	}

	/** Asks for an upload URL. */
	static String grant(Connection connection) throws IOException {
		return asked(connection, "/v1/files", GRANT);
	}

	/** Begins an upload in parts. */
	static String begin(Connection connection, long size) throws IOException {
		String upload = "{\"purpose\": \"user_data\", \"filename\": \"bench.bin\", \"mime_type\": \"text/plain\","
				+ " \"bytes\": " + size + "}";
		return asked(connection, "/v1/uploads", upload);
	}

	/** Sends a part of an upload. */
	static String part(Connection connection, String upload, long size) throws IOException {
		long length = BEFORE_DATA.length() + size + AFTER_FILE.length();
		String head = head("POST", "/v1/uploads/" + upload + "/parts", "multipart/form-data; boundary=" + BOUNDARY,
				length);
		return uploaded(connection.send(head + BEFORE_DATA, size, AFTER_FILE));
	}

	/** Makes a file of parts, and returns its id. */
	static String complete(Connection connection, String upload, Collection<String> parts) throws IOException {
		asked(connection, "/v1/uploads/" + upload + "/complete",
				"{\"part_ids\": [\"" + String.join("\", \"", parts) + "\"]}");
		return upload.replace("upload_", "file-");
	}

	/** Ends an upload in parts. */
	static void cancel(Connection connection, String upload) throws IOException {
		asked(connection, "/v1/uploads/" + upload + "/cancel", "{}");
	}

	/** Begins an upload that continues, and returns its path. */
	static String beginAppended(Connection connection, long size) throws IOException {
		return connection.send(tus("POST", "/v1/uploads", "Upload-Length: " + size + "\r\nContent-Length: 0"))
			.answer()
			.require(201)
			.location();
	}

	/** Appends to an upload. */
	static void append(Connection connection, String upload, long offset, long size) throws IOException {
		String headers = "Content-Type: application/offset+octet-stream\r\nUpload-Offset: " + offset
				+ "\r\nContent-Length: " + size;
		connection.send(tus("PATCH", upload, headers), size, "").answer().require(204);
	}

	/** Ends an upload that continues. */
	static void end(Connection connection, String upload) throws IOException {
		connection.send(tus("DELETE", upload, "Content-Length: 0")).answer().require(204);
	}

	private static String tus(String method, String path, String headers) {
		return method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + ServerProcess.KEY
				+ "\r\nTus-Resumable: 1.0.0\r\n" + headers + "\r\n\r\n";
	}

	private static String asked(Connection connection, String path, String json) throws IOException {
		return uploaded(connection.send(head("POST", path, "application/json", json.length()) + json));
	}

	/** Downloads a file through the server. */
	static long content(Connection connection, String id) throws IOException {
		return connection.send(head("GET", "/v1/files/" + id + "/content", "", 0)).drain(200);
	}

	/** How many bytes a file has. */
	static long bytes(Connection connection, String id) throws IOException {
		String body = connection.send(head("GET", "/v1/files/" + id, "", 0)).answer().require(200).body();
		return Long.parseLong(body.replaceFirst(".*\"bytes\":(\\d+).*", "$1"));
	}

	static void delete(Connection connection, String id) throws IOException {
		connection.send(head("DELETE", "/v1/files/" + id, "", 0)).answer().require(200);
	}

	private static String head(String method, String path, String contentType, long length) {
		return method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + ServerProcess.KEY
				+ (contentType.isEmpty() ? "" : "\r\nContent-Type: " + contentType + "\r\nContent-Length: " + length)
				+ "\r\n\r\n";
	}

	private static String id(Answer answer) throws IOException {
		String start = "\"id\":\"";
		int at = answer.body().indexOf(start) + start.length();
		if (at < start.length()) {
			throw new IOException("No id in " + answer.body());
		}
		return answer.body().substring(at, answer.body().indexOf('"', at));
	}

	/** Puts an object to a pre-signed URL. */
	static void put(Connection store, URI url, long size) throws IOException {
		store.send(direct("PUT", url) + "Content-Length: " + size + "\r\n\r\n", size, "").answer().require(200);
	}

	/** Gets the object of a pre-signed URL. */
	static long get(Connection store, URI url) throws IOException {
		return store.send(direct("GET", url) + "\r\n").drain(200);
	}

	static void delete(Connection store, URI url) throws IOException {
		store.send(direct("DELETE", url) + "\r\n").answer().require(204);
	}

	private static String direct(String method, URI url) {
		return method + " " + url.getRawPath() + "?" + url.getRawQuery() + " HTTP/1.1\r\nHost: " + url.getAuthority()
				+ "\r\n";
	}

}
