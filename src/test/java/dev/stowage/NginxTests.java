package dev.stowage;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

import dev.stowage.support.Command;
import dev.stowage.support.JavaProcess;
import dev.stowage.support.Page;
import dev.stowage.support.Soon;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** The configuration of nginx that the operator's page shows, in a real nginx. */
@EnabledIf("nginxIsHere")
class NginxTests {

	private static final Path DOCUMENT = Path.of("src/docs/operations.md");

	private static final int LARGE = 30 << 20;

	@TempDir
	static Path folder;

	private static int port;

	private static StowageServer server;

	private static Process nginx;

	/** On CI it must be available. */
	static boolean nginxIsHere() {
		boolean here = System.getenv("CI") != null || (isHere("nginx", "-v") && isHere("openssl", "version"));
		if (!here) {
			LoggerFactory.getLogger(NginxTests.class).warn("SKIPPED: no nginx and openssl to run {} with", DOCUMENT);
		}
		return here;
	}

	private static boolean isHere(String... command) {
		try {
			Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
			process.getInputStream().readAllBytes();
			return process.onExit().join().exitValue() == 0;
		}
		catch (IOException ex) {
			return false;
		}
	}

	@BeforeAll
	static void start() throws IOException {
		port = JavaProcess.freePort();
		int storePort = JavaProcess.freePort();
		server = StowageServer.start(folder.resolve("data"), "stowage.cors-origins=https://other.example",
				"stowage.s3.embedded-port=" + storePort, "stowage.s3.public-endpoint=https://objects.example:" + port);
		Command.run(folder, Map.of(), "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
				"/CN=files.example", "-addext", "subjectAltName=DNS:files.example,DNS:objects.example", "-keyout",
				"files.key", "-out", "files.crt");
		Path conf = Files.writeString(folder.resolve("nginx.conf"), """
				pid nginx.pid;
				events {}
				http {
				access_log off;
				client_body_temp_path body;
				proxy_temp_path proxy;
				fastcgi_temp_path fastcgi;
				uwsgi_temp_path uwsgi;
				scgi_temp_path scgi;
				%s
				}
				""".formatted(documented(storePort)));
		nginx = new ProcessBuilder("nginx", "-p", folder.toString(), "-c", conf.toString(), "-e", "error.log", "-g",
				"daemon off;")
			.redirectErrorStream(true)
			.redirectOutput(folder.resolve("nginx.out").toFile())
			.start();
		Soon.await().until(NginxTests::isListening);
	}

	/** The block as it is in the page; only addresses and files are those of the test. */
	private static String documented(int storePort) throws IOException {
		List<Page.Block> blocks = new Page(DOCUMENT).blocks()
			.stream()
			.filter((block) -> block.kind().equals("nginx"))
			.toList();
		assertThat(blocks).hasSize(1);
		String block = blocks.getFirst().text();
		for (Map.Entry<String, String> here : Map
			.of("server stowage:8080;", "server 127.0.0.1:" + server.port() + ";", "server store:7070;",
					"server 127.0.0.1:" + storePort + ";", "listen 443 ssl;", "listen 127.0.0.1:" + port + " ssl;",
					"/etc/nginx/", folder + "/")
			.entrySet()) {
			assertThat(block).contains(here.getKey());
			block = block.replace(here.getKey(), here.getValue());
		}
		return block;
	}

	private static boolean isListening() {
		assertThat(nginx.isAlive()).as(() -> said()).isTrue();
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
			return socket.isConnected();
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static String said() {
		try {
			return Files.readString(folder.resolve("nginx.out"));
		}
		catch (IOException ex) {
			return ex.toString();
		}
	}

	@AfterAll
	static void stop() {
		if (nginx != null) {
			nginx.destroy();
			nginx.onExit().join();
		}
		if (server != null) {
			server.close();
		}
	}

	@Test
	void letsLargeFormsAndDownloadsThrough() throws IOException {
		byte[] bytes = new byte[LARGE];
		new Random(1).nextBytes(bytes);
		Path large = Files.write(folder.resolve("large.bin"), bytes);
		JsonNode uploaded = json(api("/v1/files", "-F", "purpose=user_data", "-F", "file=@" + large));
		String id = uploaded.path("id").asString();
		assertThat(uploaded.path("bytes").asInt()).isEqualTo(LARGE);
		assertThat(api("/v1/files")).contains(id);
		Path copy = folder.resolve("copy.bin");
		api("/v1/files/" + id + "/content", "-o", copy.toString());
		assertThat(Files.mismatch(large, copy)).isEqualTo(-1);
		assertThat(api("/v1/files/" + id + "/content", "-r", "5-9", "-o", copy.toString(), "-w", "%{http_code}"))
			.isEqualTo("206");
		assertThat(Files.readAllBytes(copy)).isEqualTo(Arrays.copyOfRange(bytes, 5, 10));
		assertThat(folder.resolve("body")).isEmptyDirectory();
		assertThat(folder.resolve("proxy")).isEmptyDirectory();
	}

	@Test
	void letsUploadsContinueAfterABreak() throws IOException {
		byte[] bytes = new byte[LARGE];
		new Random(2).nextBytes(bytes);
		Path large = Files.write(folder.resolve("resumable.bin"), bytes);
		String[] draft = { "-i", "-H", "Upload-Draft-Interop-Version: 8" };
		String created = api("/v1/files?purpose=user_data",
				with(draft, "-H", "Upload-Complete: ?0", "--data-binary", "@/dev/null"));
		assertThat(created).startsWith("HTTP/1.1 201");
		String path = header(created, "Location");
		String[] append = with(draft, "-X", "PATCH", "-H", "Upload-Complete: ?1", "-H",
				"Content-Type: application/partial-upload", "-H", "Expect:");
		List<String> cut = new ArrayList<>(List.of("sh", "-c", "timeout 3 \"$@\" || true", "sh"));
		cut.addAll(command(path,
				with(append, "-H", "Upload-Offset: 0", "--limit-rate", "5M", "--data-binary", "@" + large)));
		assertThat(Command.run(folder, Map.of(), cut.toArray(String[]::new))).isEmpty();
		String asked = api(path, with(draft, "-I"));
		assertThat(asked).startsWith("HTTP/1.1 204");
		int offset = Integer.parseInt(header(asked, "Upload-Offset"));
		assertThat(offset).isBetween(1, LARGE - 1);
		Path rest = Files.write(folder.resolve("rest.bin"), Arrays.copyOfRange(bytes, offset, LARGE));
		String last = api(path, with(append, "-H", "Upload-Offset: " + offset, "--data-binary", "@" + rest));
		assertThat(last).startsWith("HTTP/1.1 200");
		Path copy = folder.resolve("copy.bin");
		api("/v1/files/" + header(last, "Stowage-File-Id") + "/content", "-o", copy.toString());
		assertThat(Files.mismatch(large, copy)).isEqualTo(-1);
		assertThat(folder.resolve("body")).isEmptyDirectory();
	}

	private static String[] with(String[] options, String... more) {
		return Stream.concat(Stream.of(options), Stream.of(more)).toArray(String[]::new);
	}

	private static String header(String answer, String name) {
		return answer.lines()
			.filter((line) -> line.startsWith(name + ": "))
			.findFirst()
			.orElseThrow(() -> new AssertionError(answer))
			.substring(name.length() + 2)
			.strip();
	}

	@Test
	void letsSignedUrlsThroughToTheStore() {
		JsonNode grant = json(
				api("/v1/files", "-H", "Content-Type: application/json", "-d", "{\"filename\": \"a.json\"}"));
		String url = grant.path("upload_url").asString();
		assertThat(url).startsWith("https://objects.example:" + port + "/");
		assertThat(curl(url, "-X", "PUT", "--data-binary", "[1, 2]", "-w", "%{http_code}")).endsWith("200");
		String path = "/v1/files/" + grant.path("id").asString();
		assertThat(json(api(path + "/complete", "-X", "POST")).path("status").asString()).isEqualTo("completed");
		String download = json(api(path + "/content")).path("download_url").asString();
		assertThat(download).startsWith("https://objects.example:" + port + "/");
		assertThat(curl(download)).isEqualTo("[1, 2]");
	}

	@Test
	void leavesTheServerItsOwnOrigin() {
		assertThat(delete("https://files.example:" + port)).contains("file_not_found");
		assertThat(delete("https://other.example")).contains("file_not_found");
		for (String foreign : List.of("https://evil.example", "http://files.example:" + port, "https://files.example",
				"https://stowage_backend", "http://stowage_backend")) {
			assertThat(delete(foreign)).as(foreign).contains("origin_not_allowed");
		}
	}

	@Test
	void leavesAClientNoSayAboutThat() {
		assertThat(delete("https://evil.example", "-H", "X-Forwarded-Host: evil.example", "-H", "X-Forwarded-Port: 443",
				"-H", "Forwarded: host=evil.example"))
			.contains("origin_not_allowed");
	}

	private static String delete(String origin, String... options) {
		List<String> all = new ArrayList<>(List.of("-X", "DELETE", "-H", "Origin: " + origin));
		all.addAll(List.of(options));
		return api("/v1/files/file-x", all.toArray(String[]::new));
	}

	@Test
	void passesOddIdsAndSlashesUnchanged() {
		assertThat(api("/v1/files/gs%3A%2F%2Fb%2Fo;x")).contains("No such File object: gs://b/o;x");
		assertThat(api("//v1//files/")).contains("\"object\":\"list\"");
		assertThat(api("/v1/files?purpose[]=batch")).contains("\"object\":\"list\"");
	}

	@Test
	void showsNoHealthToClientsButToABalancerByWhateverName() {
		assertThat(api("/actuator/health/readiness", "-o", "/dev/null", "-w", "%{http_code}")).isEqualTo("404");
		for (String name : List.of("stowage_backend", "files.example", "10.0.0.7:8080")) {
			assertThat(Command.run(folder, Map.of(), "curl", "-sS", "-H", "Host: " + name,
					server.url("/actuator/health/readiness").toString()))
				.isEqualTo("{\"status\":\"UP\"}");
		}
	}

	private static String api(String path, String... options) {
		return Command.run(folder, Map.of(), command(path, options).toArray(String[]::new));
	}

	private static List<String> command(String path, String... options) {
		return commandTo("https://files.example:" + port + path,
				with(new String[] { "-H", "Authorization: Bearer " + StowageServer.ALICE }, options));
	}

	private static String curl(String url, String... options) {
		return Command.run(folder, Map.of(), commandTo(url, options).toArray(String[]::new));
	}

	private static List<String> commandTo(String url, String... options) {
		List<String> command = new ArrayList<>(
				List.of("curl", "-sS", "-g", "--path-as-is", "--cacert", "files.crt", "--resolve",
						"files.example:" + port + ":127.0.0.1", "--resolve", "objects.example:" + port + ":127.0.0.1"));
		command.addAll(List.of(options));
		command.add(url);
		return command;
	}

	private static JsonNode json(String text) {
		return JsonMapper.shared().readTree(text);
	}

}
