import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What users do, while the server notes which classes and methods that takes, for the cache
 * of its image: both flows, reading, listing and deleting.
 */
public final class Training {

	private static final int SMALL = 4096;

	/** Of a file that needs several parts in the store. */
	private static final int LARGE = 24 * 1024 * 1024;

	private static final int TRIES = 1_200;

	private static final HttpClient http = HttpClient.newHttpClient();

	private static final Pattern MEMBER = Pattern.compile("\"(\\w+)\": ?\"([^\"]*)\"");

	private final URI server;

	private final String key;

	private Training(URI server, String key) {
		this.server = server;
		this.key = key;
	}

	/**
	 * Waits for the server, and uses it.
	 * @param arguments the server's URL, a key, and how often
	 */
	public static void main(String[] arguments) throws IOException, InterruptedException {
		Training training = new Training(URI.create(arguments[0]), arguments[1]);
		training.awaitServer();
		training.throughTheServer(LARGE);
		for (int i = Integer.parseInt(arguments[2]); i > 0; i--) {
			training.throughTheServer(SMALL);
			training.pastTheServer();
		}
	}

	private void awaitServer() throws IOException, InterruptedException {
		for (int i = 0; i < TRIES; i++) {
			if (isReady()) {
				return;
			}
			Thread.sleep(100);
		}
		throw new IOException("The server does not start");
	}

	private boolean isReady() throws IOException, InterruptedException {
		URI readiness = this.server.resolve("/actuator/health/readiness");
		try {
			return send("GET", readiness, BodyPublishers.noBody()).statusCode() == 200;
		}
		catch (ConnectException ex) {
			return false;
		}
	}

	private void throughTheServer(int size) throws IOException, InterruptedException {
		String id = member("id", ask("POST", "/v1/files", form(size), "Content-Type", "multipart/form-data; boundary=b"));
		ask("GET", "/v1/files/" + id, BodyPublishers.noBody());
		ask("GET", "/v1/files?limit=20", BodyPublishers.noBody());
		ask("GET", "/v1/files/" + id + "/content", BodyPublishers.noBody());
		ask("GET", "/v1/files/" + id + "/content", BodyPublishers.noBody(), "Range", "bytes=0-99");
		ask("DELETE", "/v1/files/" + id, BodyPublishers.noBody());
	}

	private static BodyPublisher form(int size) {
		String head = "--b\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nuser_data\r\n"
				+ "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.bin\"\r\n\r\n";
		return BodyPublishers.concat(BodyPublishers.ofString(head), BodyPublishers.ofByteArray(new byte[size]),
				BodyPublishers.ofString("\r\n--b--\r\n"));
	}

	private void pastTheServer() throws IOException, InterruptedException {
		String grant = ask("POST", "/v1/files", BodyPublishers.ofString("{\"filename\": \"a.json\"}"), "Content-Type",
				"application/json");
		send("PUT", URI.create(member("upload_url", grant)), BodyPublishers.ofString("{\"a\": [1, 2.5, \"x\", null]}"));
		String id = member("id", grant);
		ask("POST", "/v1/files/" + id + "/complete", BodyPublishers.noBody());
		String link = ask("GET", "/v1/files/" + id + "/content", BodyPublishers.noBody());
		send("GET", URI.create(member("download_url", link)), BodyPublishers.noBody());
		ask("DELETE", "/v1/files/" + id, BodyPublishers.noBody());
	}

	private String ask(String method, String path, BodyPublisher body, String... headers)
			throws IOException, InterruptedException {
		String[] all = new String[headers.length + 2];
		System.arraycopy(headers, 0, all, 2, headers.length);
		all[0] = "Authorization";
		all[1] = "Bearer " + this.key;
		HttpResponse<String> answer = send(method, this.server.resolve(path), body, all);
		if (answer.statusCode() / 100 != 2) {
			throw new IOException(method + " " + path + ": " + answer.statusCode() + " " + answer.body());
		}
		return answer.body();
	}

	private static HttpResponse<String> send(String method, URI url, BodyPublisher body, String... headers)
			throws IOException, InterruptedException {
		HttpRequest.Builder request = HttpRequest.newBuilder(url).method(method, body);
		if (headers.length > 0) {
			request.headers(headers);
		}
		return http.send(request.build(), BodyHandlers.ofString());
	}

	private static String member(String name, String json) throws IOException {
		Matcher members = MEMBER.matcher(json);
		while (members.find()) {
			if (members.group(1).equals(name)) {
				return members.group(2);
			}
		}
		throw new IOException("No '" + name + "' in " + json);
	}

}
