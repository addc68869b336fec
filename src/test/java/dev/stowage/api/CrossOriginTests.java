package dev.stowage.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.stowage.support.Answer;
import dev.stowage.support.Backing;
import dev.stowage.support.Browser;
import dev.stowage.support.Caller;
import dev.stowage.support.OnEachBacking;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;

import static org.assertj.core.api.Assertions.assertThat;

/** What pages of an allowed origin, and of others, can do with server and store. */
class CrossOriginTests extends OnEachBacking {

	private static final Path PAGE = Path.of("src/test/resources/cross-origin.html");

	@TempDir
	static Path folder;

	private static HttpServer pages;

	private static String origin;

	private static StowageServer server;

	@BeforeParameterizedClassInvocation
	static void start(Backing backing) throws IOException {
		pages = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		pages.createContext("/", CrossOriginTests::answerWithThePage);
		pages.start();
		origin = "http://127.0.0.1:" + pages.getAddress().getPort();
		server = StowageServer.start(backing, folder, "stowage.cors-origins=" + origin);
		server.engine().allow(origin);
	}

	private static void answerWithThePage(HttpExchange exchange) {
		try (exchange) {
			byte[] page = Files.readAllBytes(PAGE);
			exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
			exchange.sendResponseHeaders(200, page.length);
			exchange.getResponseBody().write(page);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		server.close();
		pages.stop(0);
	}

	@Test
	@EnabledIf("dev.stowage.support.Browser#isHere")
	void letsAPageUploadInBothStylesAndReadBack() throws Exception {
		String query = "?api=" + server.url("") + "&key=" + StowageServer.ALICE;
		assertThat(Browser.open(folder, origin + "/" + query))
			.contains("{\"sent\": \"directly to the store\"} and sent through the server");
	}

	@Test
	void letsTheStoreTakeUploadsFromThatOriginOnly() {
		URI url = URI.create(server.alice().post("/v1/files", "{\"filename\": \"a.json\"}").text("upload_url"));
		assertThat(preflight(url, origin).header("Access-Control-Allow-Origin")).contains(origin);
		assertThat(preflight(url, "https://evil.example").header("Access-Control-Allow-Origin")).isEmpty();
		Answer put = Caller.sendTo(url, "PUT", "[1]", "Origin", origin, "Content-Type", "application/json");
		assertThat(put.status()).isEqualTo(200);
		assertThat(put.header("Access-Control-Allow-Origin")).contains(origin);
	}

	@Test
	void letsAPageOfThatOriginSendDigests() {
		Answer answer = Caller.sendTo(server.url("/v1/files"), "OPTIONS", "", "Origin", origin,
				"Access-Control-Request-Method", "POST", "Access-Control-Request-Headers",
				"authorization,content-digest,content-md5,repr-digest");
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.header("Access-Control-Allow-Headers").orElseThrow()).contains("content-digest",
				"repr-digest", "content-md5");
	}

	private static Answer preflight(URI url, String origin) {
		return Caller.sendTo(url, "OPTIONS", "", "Origin", origin, "Access-Control-Request-Method", "PUT",
				"Access-Control-Request-Headers", "content-type");
	}

}
