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
import dev.stowage.support.NodeProject;
import dev.stowage.support.OnEachBacking;
import dev.stowage.support.StowageServer;
import dev.stowage.support.TcpProxy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What pages of an allowed origin, and of others, can do with server and store. */
class CrossOriginTests extends OnEachBacking {

	private static final Path PAGES = Path.of("src/test/resources");

	private static final Path UPPY = NodeProject.FOLDER.resolve("node_modules/uppy/dist");

	@TempDir
	static Path folder;

	private static HttpServer pages;

	private static String origin;

	private static StowageServer server;

	@BeforeParameterizedClassInvocation
	static void start(Backing backing) throws IOException {
		pages = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		pages.createContext("/", CrossOriginTests::answerWithAPage);
		pages.start();
		origin = "http://127.0.0.1:" + pages.getAddress().getPort();
		server = StowageServer.start(backing, folder, "stowage.cors-origins=" + origin);
		server.engine().allow(origin);
	}

	private static void answerWithAPage(HttpExchange exchange) {
		try (exchange) {
			String name = exchange.getRequestURI().getPath().substring(1);
			boolean isScript = name.endsWith(".mjs");
			byte[] page = Files.readAllBytes((isScript ? UPPY : PAGES).resolve(name));
			exchange.getResponseHeaders()
				.set("Content-Type", (isScript ? "text/javascript" : "text/html") + "; charset=utf-8");
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
		assertThat(Browser.open(folder, origin + "/cross-origin.html" + query))
			.contains("{\"sent\": \"directly to the store\"} and sent through the server");
	}

	@Test
	@EnabledIf("dev.stowage.support.Browser#isHere")
	void letsAPageContinueUploadsThatBreak() throws Exception {
		try (TcpProxy network = new TcpProxy(server.port())) {
			network.cutAfter(20L << 20);
			String query = "?api=http://127.0.0.1:" + network.port() + "&key=" + StowageServer.ALICE;
			assertThat(Browser.open(folder, origin + "/cross-origin-resumable.html" + query))
				.contains("<pre id=\"said\">tus: true, draft: true</pre>");
			assertThat(network.cuts()).isGreaterThanOrEqualTo(2);
		}
	}

	@Test
	@EnabledIf("browserAndNodeAreHere")
	void letsUppyContinueAnUploadThatBreaks() throws Exception {
		NodeProject.install();
		try (TcpProxy network = new TcpProxy(server.port())) {
			network.cutAfter(10L << 20);
			String query = "?api=http://127.0.0.1:" + network.port() + "&key=" + StowageServer.ALICE;
			assertThat(Browser.open(folder, origin + "/cross-origin-uppy.html" + query))
				.contains("<pre id=\"said\">uppy: true</pre>");
			assertThat(network.cuts()).isPositive();
		}
	}

	static boolean browserAndNodeAreHere() {
		return Browser.isHere() && NodeProject.isHere();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = {
			"POST | /v1/uploads | tus-resumable,upload-length,upload-defer-length,"
					+ "upload-metadata,upload-checksum,idempotency-key,content-type,authorization",
			"PATCH | /v1/uploads/upload_x | tus-resumable,upload-offset,upload-length,upload-checksum,content-type",
			"POST | /v1/uploads/upload_x | tus-resumable,x-http-method-override",
			"HEAD | /v1/uploads/upload_x | tus-resumable", "DELETE | /v1/uploads/upload_x | tus-resumable",
			"POST | /v1/files | upload-complete,upload-length,upload-draft-interop-version,content-disposition,content-type",
			"PATCH | /v1/uploads/upload_x | upload-complete,upload-offset,upload-draft-interop-version,content-digest" })
	void letsAPageSendWhatUploadsThatContinueNeed(String method, String path, String headers) {
		Answer answer = Caller.sendTo(server.url(path), "OPTIONS", "", "Origin", origin,
				"Access-Control-Request-Method", method, "Access-Control-Request-Headers", headers);
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.header("Access-Control-Allow-Origin")).contains(origin);
		assertThat(answer.header("Access-Control-Allow-Methods").orElseThrow()).contains(method);
		assertThat(answer.header("Access-Control-Allow-Headers").orElseThrow().split(", ?"))
			.contains(headers.split(","));
	}

	@Test
	void refusesPagesOfOtherOrigins() {
		Answer foreign = Caller.sendTo(server.url("/v1/uploads"), "OPTIONS", "", "Origin", "https://evil.example",
				"Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "tus-resumable");
		assertThat(foreign.status()).isEqualTo(403);
		assertThat(foreign.header("Access-Control-Allow-Origin")).isEmpty();
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
