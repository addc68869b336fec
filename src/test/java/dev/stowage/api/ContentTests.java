package dev.stowage.api;

import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import dev.stowage.support.Answer;
import dev.stowage.support.Backing;
import dev.stowage.support.Caller;
import dev.stowage.support.Form;
import dev.stowage.support.OnEachBacking;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Content as bytes and as links. */
class ContentTests extends OnEachBacking {

	@TempDir
	static Path folder;

	private static StowageServer server;

	private static Caller alice;

	private static String multipart;

	private static String presigned;

	@BeforeParameterizedClassInvocation
	static void start(Backing backing) {
		server = StowageServer.start(backing, folder);
		alice = server.alice();
		multipart = "/v1/files/" + alice.uploaded("user_data", "naïve %22日本%22.txt", "0123456789") + "/content";
		presigned = "/v1/files/" + alice.completed("x.json", "[1,2,3]") + "/content";
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		server.close();
	}

	@Test
	void sendsTheBytesWithEverythingAboutThem() {
		Answer answer = alice.get(multipart);
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.body()).isEqualTo("0123456789");
		assertThat(answer.header("Content-Type")).contains("application/octet-stream");
		assertThat(answer.header("Content-Length")).contains("10");
		assertThat(answer.header("Content-Disposition")).contains("attachment; filename=\"naive \\\"__\\\".txt\"; "
				+ "filename*=UTF-8''na%C3%AFve%20%22%E6%97%A5%E6%9C%AC%22.txt");
		assertThat(answer.header("ETag")).contains('"' + multipart.split("/", -1)[3] + '"');
		assertThat(answer.header("Accept-Ranges")).contains("bytes");
		assertThat(answer.header("Vary")).contains("Accept");
		assertThat(alice.get(presigned).header("Vary")).contains("Accept");
		assertThat(answer.header("X-Content-Type-Options")).contains("nosniff");
	}

	@Test
	void answersHeadWithTheSameHeadersAndNoBody() {
		Answer get = alice.get(multipart);
		Answer head = alice.send("HEAD", multipart, BodyPublishers.noBody());
		assertThat(head.status()).isEqualTo(200);
		assertThat(head.bytes()).isEmpty();
		for (String header : new String[] { "Content-Length", "Content-Type", "Content-Disposition", "ETag",
				"Accept-Ranges" }) {
			assertThat(head.header(header)).as(header).isEqualTo(get.header(header)).isPresent();
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			bytes=0-3     | 206 | 0123       | bytes 0-3/10
			bytes=8-      | 206 | 89         | bytes 8-9/10
			bytes=-3      | 206 | 789        | bytes 7-9/10
			bytes=-30     | 206 | 0123456789 | bytes 0-9/10
			bytes=5-99    | 206 | 56789      | bytes 5-9/10
			bytes=9-9     | 206 | 9          | bytes 9-9/10
			bytes=0-99999999999999999999 | 206 | 0123456789 | bytes 0-9/10
			bytes=4-2     | 200 | 0123456789 |
			bytes=0-1,3-4 | 200 | 0123456789 |
			bytes=a-b     | 200 | 0123456789 |
			bytes=-       | 200 | 0123456789 |
			bytes=+1-+5   | 200 | 0123456789 |
			bytes=0--0    | 200 | 0123456789 |
			bytes=--3     | 200 | 0123456789 |
			bytes=0-3,    | 200 | 0123456789 |
			Bytes=0-3     | 206 | 0123       | bytes 0-3/10
			bytes=0000000000000000000001-00000000000000000002 | 206 | 12 | bytes 1-2/10
			lines=0-3     | 200 | 0123456789 |
			""")
	void sendsASingleRange(String range, int status, String body, String contentRange) {
		Answer answer = alice.get(multipart, "Range", range);
		assertThat(answer.status()).isEqualTo(status);
		assertThat(answer.body()).isEqualTo(body);
		assertThat(answer.header("Content-Range").orElse(null)).isEqualTo(contentRange);
		assertThat(answer.header("Content-Length")).contains(String.valueOf(body.length()));
	}

	@ParameterizedTest
	@ValueSource(strings = { "bytes=10-", "bytes=10-20", "bytes=-0", "bytes=99999999999999999999-" })
	void saysHowLongTheFileIsWhenARangeIsOutside(String range) {
		Answer answer = alice.get(multipart, "Range", range);
		assertThat(answer.status()).isEqualTo(416);
		assertThat(answer.header("Content-Range")).contains("bytes */10");
		assertThat(answer.text("code")).isEqualTo("range_not_satisfiable");
	}

	@Test
	void sendsTheRangeOnlyIfItIsOfTheseBytes() {
		String etag = alice.get(multipart).header("ETag").orElseThrow();
		assertThat(alice.get(multipart, "Range", "bytes=0-3", "If-Range", etag).status()).isEqualTo(206);
		assertThat(alice.get(multipart, "Range", "bytes=0-3", "If-Range", "\"other\"").status()).isEqualTo(200);
		assertThat(alice.get(multipart, "Range", "bytes=99-", "If-Range", "\"other\"").status()).isEqualTo(200);
	}

	@Test
	void sendsNothingThatIsKnown() {
		String etag = alice.get(multipart).header("ETag").orElseThrow();
		for (String known : new String[] { etag, "W/" + etag, "\"a\", " + etag, "*" }) {
			Answer answer = alice.get(multipart, "If-None-Match", known);
			assertThat(answer.status()).as(known).isEqualTo(304);
			assertThat(answer.header("ETag")).contains(etag);
			assertThat(answer.bytes()).isEmpty();
		}
		assertThat(alice.get(multipart, "If-None-Match", "\"other\"").status()).isEqualTo(200);
		assertThat(alice.get(multipart, "If-None-Match", "\"other\"", "If-None-Match", etag).status()).isEqualTo(304);
	}

	@ParameterizedTest
	@ValueSource(strings = { "\"x\"", "W/ETAG", "\"x\", W/ETAG", "", "unquoted", "\"*\"", "ETAG-BARE",
			"\"a,ETAG-BARE\"", "\"x\", *" })
	void refusesWhatIsNotOfTheseBytes(String condition) {
		String tags = tagged(condition);
		for (String method : new String[] { "GET", "HEAD" }) {
			Answer answer = alice.send(method, multipart, BodyPublishers.noBody(), "If-Match", tags, "Range",
					"bytes=99-");
			assertThat(answer.status()).isEqualTo(412);
			assertThat(alice.send(method, multipart, BodyPublishers.noBody(), "If-Match", tags, "If-None-Match", "*")
				.status()).isEqualTo(412);
		}
		Answer answer = alice.get(multipart, "If-Match", tags);
		assertThat(answer.text("code")).isEqualTo("precondition_failed");
		assertThat(answer.text("detail")).isEqualTo("If-Match does not name the ETag of the file's content.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "ETAG", "*", " * ", "\"x\", ETAG", "\"a,b\",ETAG,W/\"y\"", "W/ETAG, ETAG" })
	void sendsWhatIsOfTheseBytes(String condition) {
		String tags = tagged(condition);
		assertThat(alice.get(multipart, "If-Match", tags).body()).isEqualTo("0123456789");
		assertThat(alice.get(multipart, "If-Match", tags, "Range", "bytes=3-").body()).isEqualTo("3456789");
		assertThat(alice.get(multipart, "If-Match", tags, "Range", "bytes=99-").status()).isEqualTo(416);
		assertThat(alice.send("HEAD", multipart, BodyPublishers.noBody(), "If-Match", tags).status()).isEqualTo(200);
		assertThat(alice.get(multipart, "If-Match", tags, "If-None-Match", tagged("ETAG")).status()).isEqualTo(304);
		assertThat(alice.get(multipart, "If-Match", tags, "If-None-Match", "\"x\"").status()).isEqualTo(200);
		assertThat(alice.get(multipart, "If-Match", "\"x\"", "If-Match", tags).status()).isEqualTo(200);
	}

	private static String tagged(String condition) {
		String id = multipart.split("/", -1)[3];
		return condition.replace("ETAG-BARE", id).replace("ETAG", '"' + id + '"');
	}

	@Test
	void givesNoLinkToOtherBytes() {
		assertThat(alice.get(multipart + "?expires_in=60", "If-Match", "\"x\"").status()).isEqualTo(412);
		assertThat(alice.get(multipart + "?expires_in=60", "If-Match", tagged("ETAG")).text("download_url"))
			.isNotEmpty();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			                                | bytes | link
			*/*                             | bytes | link
			application/*                   | bytes | link
			text/html                       | bytes | link
			application/json                | bytes | link
			application/json;q=0            | bytes | link
			text/html, application/json     | bytes | link
			application/json, text/plain, */* | bytes | link
			application/binary              | bytes | bytes
			application/octet-stream        | bytes | bytes
			application/octet-stream, */*   | bytes | bytes
			application/json, application/octet-stream | bytes | bytes
			not a type                      | bytes | link
			not a type, application/json    | bytes | link
			""")
	void choosesBytesOrLinkByWhatIsAccepted(String accept, String forMultipart, String forPresigned) {
		String[] headers = (accept != null) ? new String[] { "Accept", accept } : new String[0];
		assertThat(choice(alice.get(multipart, headers))).isEqualTo(forMultipart);
		assertThat(choice(alice.get(presigned, headers))).isEqualTo(forPresigned);
		assertThat(choice(alice.get(multipart + "?expires_in=60", headers))).isEqualTo("link");
		assertThat(choice(alice.get(presigned + "?expires_in=60", headers))).isEqualTo("link");
	}

	@Test
	void sendsBytesOfEitherStyleWhenARangeIsAskedFor() {
		assertThat(alice.get(presigned, "Range", "bytes=1-1").body()).isEqualTo("1");
		assertThat(alice.get(presigned, "Range", "bytes=1-1", "Accept", "application/json").body()).isEqualTo("1");
		Answer bytes = alice.get(presigned, "Accept", "application/octet-stream");
		assertThat(bytes.header("Content-Type")).contains("application/json");
		assertThat(bytes.body()).isEqualTo("[1,2,3]");
	}

	private static String choice(Answer answer) {
		assertThat(answer.status()).isEqualTo(200);
		return answer.body().contains("download_url") ? "link" : "bytes";
	}

	@Test
	void givesALinkToAMultipartFileWithItsNameAndType() {
		Answer link = alice.get(multipart + "?expires_in=604800");
		assertThat(link.json().path("expires_in").asInt()).isEqualTo(604_800);
		Answer bytes = Caller.sendTo(URI.create(link.text("download_url")), "GET", "");
		assertThat(bytes.body()).isEqualTo("0123456789");
		assertThat(bytes.header("Content-Type")).contains("text/plain");
		assertThat(bytes.header("Content-Disposition")).isEqualTo(alice.get(multipart).header("Content-Disposition"));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			image/png                     | a.jsonl | image/png
			application/json              | a.txt   | application/json
			                              | a.json  | application/json
			text/csv; charset=utf-8; x=y  | a       | text/csv;charset=UTF-8
			application/x-unheard-of      | a.png   | application/x-unheard-of
			                              | a.png   | image/png
			                              | a.PDF   | application/pdf
			                              | a.jsonl | application/octet-stream
			                              | a       | application/octet-stream
			*/*                           | a.png   | image/png
			no type                       | a.png   | image/png
			text/plain; charset=nowhere   | a.png   | image/png
			""")
	void keepsTheTypeThatItsClientNamesOrItsExtensionIsKnownFor(String named, String name, String expected) {
		String headers = "form-data; name=\"file\"; filename=\"" + name + '"'
				+ ((named != null) ? "\r\nContent-Type: " + named : "");
		String id = alice
			.upload(new Form().field("purpose", "user_data")
				.part(headers, "0123456789".getBytes(StandardCharsets.UTF_8)))
			.text("id");
		String content = "/v1/files/" + id + "/content";
		Answer link = alice.get(content + "?expires_in=60");
		assertThat(Caller.sendTo(URI.create(link.text("download_url")), "GET", "").header("Content-Type"))
			.contains(expected);
		assertThat(alice.get(content).header("Content-Type")).contains("application/octet-stream");
		Answer asked = alice.get(content, "Accept", expected + ", */*;q=0.1");
		assertThat(asked.header("Content-Type")).contains(expected);
		assertThat(asked.header("Content-Disposition")).get().asString().startsWith("attachment");
		assertThat(asked.header("X-Content-Type-Options")).contains("nosniff");
	}

	@ParameterizedTest
	@ValueSource(strings = { "0", "-1", "604801", "abc", "", "1.5", "99999999999" })
	void refusesALinkOfAnyOtherLength(String expiresIn) {
		Answer answer = alice.get(multipart + "?expires_in=" + expiresIn);
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.json().path("error").path("param").asString()).isEqualTo("expires_in");
	}

	@Test
	void hasNoContentOfAPendingFile() {
		String id = alice.post("/v1/files", "{\"filename\": \"x.json\"}").text("id");
		Answer answer = alice.get("/v1/files/" + id + "/content");
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.text("detail")).isEqualTo("File not completed.");
	}

}
