package dev.stowage.api;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import dev.stowage.support.Answer;
import dev.stowage.support.Caller;
import dev.stowage.support.Form;
import dev.stowage.support.RawConnection;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What the headers of an upload and of its parts may say, and how that is read. */
class UploadHeadersTests {

	private static final String JSON = "{\"filename\": \"a.json\"}";

	@TempDir
	static Path folder;

	private static StowageServer server;

	private static Caller alice;

	@BeforeAll
	static void start() {
		server = StowageServer.start(folder);
		alice = server.alice();
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "===1656457491496===", "=", "a=b", "a/b", "a:b", "a?b", "(a)", "a,b", "a, b", "a+b", "'a'",
			"a_b.c-d", "a b", "\"a b\"", "\"===(a/b:c?d,e)===\"", "\"'+_.-\"",
			"0123456789012345678901234567890123456789012345678901234567890123456789" })
	void takesAFormByAnyBoundaryThatABodyMayHave(String parameter) {
		Answer answer = upload("multipart/form-data; boundary=" + parameter, parameter.replace("\"", ""));
		assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
		assertThat(alice.get("/v1/files/" + answer.text("id") + "/content").body()).isEqualTo("x");
	}

	@ParameterizedTest
	@ValueSource(strings = { "; boundary=B; charset=", "; charset=; boundary=B", "; charset=nowhere; boundary=B",
			"; charset=utf-8; charset=latin1; boundary=B", "; boundary=B;", ";; ;boundary=B;;", "; x; boundary=B",
			"; =x; boundary=B", "; x=\"y\"z; boundary=B", "; x=\"; boundary=no\"; boundary=B", "; boundary=B; x=\"",
			"; type=a/b=c; BOUNDARY=\"B\" ", " ; boundary = B", "\t;boundary=B" })
	void takesAFormWhateverItsTypeSaysBesidesTheBoundary(String parameters) {
		Answer answer = upload("Multipart/Form-Data" + parameters, "B");
		assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", ";", "; boundary", "; boundary=", "; boundary=\"\"", "; boundary=\"B",
			"; boundary=a*b", "; boundary=B; boundary=B", "; boundary=\"B \"", "; charset=\"; boundary=B",
			" boundary=B", ", boundary=B", "; charset=utf-8", "; boundary*=utf-8''B",
			"; boundary=-0123456789012345678901234567890123456789012345678901234567890123456789" })
	void saysThatAFormNeedsABoundary(String parameters) {
		Answer answer = upload("multipart/form-data" + parameters, "B");
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.text("code")).isEqualTo("validation_error");
		assertThat(answer.text("detail")).startsWith("The Content-Type header names no valid boundary.");
	}

	@ParameterizedTest
	@ValueSource(strings = { ";", "; charset=", "; charset=nowhere", "; charset=\"", "; charset=utf-8; charset=utf-8",
			"; charset=utf-8,", "; charset=utf-16", "; boundary====", "; x", ";;charset=utf-8;" })
	void takesJsonWhateverItsTypeSaysBesides(String parameters) {
		Answer answer = alice.send("POST", "/v1/files", BodyPublishers.ofString(JSON), "Content-Type",
				"Application/JSON" + parameters);
		assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
		assertThat(answer.text("upload_url")).isNotEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "text/plain; charset=", "multipart/mixed; boundary====",
			"multipart/form-datax; boundary=B", "application/json+x; charset=",
			"application/x-www-form-urlencoded; charset=nowhere", "nonsense; =", "/", ";", "*/*; boundary=B" })
	void refusesOtherTypesWhateverTheySayBesides(String type) {
		Answer answer = upload(type, "B");
		assertThat(answer.status()).isEqualTo(415);
		assertThat(answer.text("code")).isEqualTo("unsupported_media_type");
		assertThat(answer.header("Accept-Encoding")).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "application/json; charset=", "application/json; charset=nowhere",
			"multipart/form-data; boundary====", "nonsense; =" })
	void ignoresTheTypeOfWhatHasNoBody(String type) {
		String id = alice.uploaded("user_data", "a.txt", "x");
		String pending = alice.post("/v1/files", JSON).text("id");
		assertThat(alice.get("/v1/files?limit=1&after=" + id, "Content-Type", type).status()).isEqualTo(200);
		assertThat(alice.get("/v1/files/" + id + "/content?expires_in=60", "Content-Type", type).text("download_url"))
			.isNotEmpty();
		Answer complete = alice.send("POST", "/v1/files/" + pending + "/complete", BodyPublishers.ofString("x"),
				"Content-Type", type, "Content-Encoding", "gzip");
		assertThat(complete.text("code")).isEqualTo("file_not_uploaded");
		assertThat(alice.send("DELETE", "/v1/files/" + id, BodyPublishers.noBody(), "Content-Type", type).status())
			.isEqualTo(200);
	}

	private static Answer upload(String type, String boundary, String... headers) {
		String form = new String(new Form().field("purpose", "user_data").file("a.txt", "x").bytes(),
				StandardCharsets.UTF_8)
			.replace(Form.BOUNDARY, boundary);
		return post(type, BodyPublishers.ofString(form), headers);
	}

	private static Answer post(String type, BodyPublisher body, String... headers) {
		String[] all = new String[headers.length + 2];
		all[0] = "Content-Type";
		all[1] = type;
		System.arraycopy(headers, 0, all, 2, headers.length);
		return alice.send("POST", "/v1/files", body, all);
	}

	@ParameterizedTest
	@ValueSource(strings = { "gzip", "x-gzip", "br", "deflate", "zstd", "GZip", "identity, gzip", "gzip,identity",
			",gzip", "utf-8", "aws-chunked", "identity;q=1", "\"identity\"" })
	void refusesAnEncodedBodyOfEitherStyle(String encoding) {
		Answer form = upload(Form.CONTENT_TYPE, Form.BOUNDARY, "Content-Encoding", encoding);
		Answer json = post("application/json", BodyPublishers.ofString(JSON), "Content-Encoding", encoding);
		for (Answer answer : new Answer[] { form, json }) {
			assertThat(answer.status()).isEqualTo(415);
			assertThat(answer.header("Accept-Encoding")).contains("identity");
			assertThat(answer.text("code")).isEqualTo("unsupported_content_encoding");
			assertThat(answer.text("detail")).contains("Content-Encoding", "gzip", "does not decode");
		}
	}

	@Test
	void refusesABodyWithAnEncodingInASecondHeader() {
		Answer answer = upload(Form.CONTENT_TYPE, Form.BOUNDARY, "Content-Encoding", "identity", "Content-Encoding",
				"br");
		assertThat(answer.status()).isEqualTo(415);
	}

	@ParameterizedTest
	@ValueSource(strings = { "identity", "Identity", "identity, IDENTITY", "", " , " })
	void takesABodyThatIsSaidToHaveNoEncoding(String encoding) {
		assertThat(upload(Form.CONTENT_TYPE, Form.BOUNDARY, "Content-Encoding", encoding).status()).isEqualTo(200);
		assertThat(post("application/json", BodyPublishers.ofString(JSON), "Content-Encoding", encoding).status())
			.isEqualTo(200);
	}

	@Test
	void readsAnEncodedBodyToItsEndSoThatItsClientSeesTheAnswer() throws IOException {
		byte[] body = new byte[3_000_000];
		try (RawConnection connection = new RawConnection(server)) {
			connection.uploadHead("Content-Encoding: gzip", "Content-Length: " + body.length).send(body);
			assertThat(connection.answer()).startsWith("HTTP/1.1 415").contains("unsupported_content_encoding");
			byte[] form = new Form().field("purpose", "user_data").file("a.txt", "x").bytes();
			connection.uploadHead("Content-Length: " + form.length).send(form);
			assertThat(connection.answer()).startsWith("HTTP/1.1 200");
		}
	}

	@Test
	void asksForNoEncodedBodyOfAClientThatAsksWhetherToSendIt() throws IOException {
		try (RawConnection connection = new RawConnection(server)) {
			connection.uploadHead("Content-Encoding: gzip", "Content-Length: 1000", "Expect: 100-continue");
			assertThat(connection.answer()).startsWith("HTTP/1.1 415");
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			filename="=?utf-8?Q?caf=C3=A9.jsonl?="                                   | café.jsonl
			filename="=?UTF-8?B?Y2Fmw6kuanNvbmw=?="                                  | café.jsonl
			filename="=?utf-8?B?Y2Fmww==?= =?utf-8?B?qS5qc29ubA==?="                 | café.jsonl
			filename="=?iso-8859-1?q?caf=E9?=.jsonl"                                 | café.jsonl
			filename==?utf-8?Q?..=2F..=5Cdir=2Fa=0D=0A.jsonl?=                       | a.jsonl
			filename="=?utf-8?Q?a=FF?=.jsonl"                                        | =?utf-8?Q?a=FF?=.jsonl
			filename*0="a"; filename*1=".jsonl"                                      | a.jsonl
			filename*1*=%A9.jsonl; filename*0*=UTF-8''caf%C3                         | café.jsonl
			filename*0*=UTF-8''%2E%2E%2F%E2%82%AC; filename*1=".json"; filename*2="l" | €.jsonl
			filename="a.csv"; filename*0="b.jsonl"; filename*=UTF-8''c.jsonl         | c.jsonl
			filename="DATA.JSONL"                                                    | DATA.JSONL
			filename="=?utf-8?Q?Data=2EJsonL?="                                      | Data.JsonL
			""")
	void decodesTheNameOfABatch(String parameters, String name) {
		Answer answer = uploadFor("batch", parameters);
		assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
		assertThat(answer.text("filename")).isEqualTo(name);
	}

	@ParameterizedTest
	@ValueSource(strings = { "filename*0=\"a\"; filename*1=\".csv\"", "filename*1=\".csv\"; filename*0=\"a\"",
			"filename*0*=UTF-8''a%2Ecsv", "filename*0*=UTF-8''a; filename*1*=%2E; filename*2=csv",
			"filename=\"=?utf-8?Q?a=2Ecsv?=\"", "filename=\"=?utf-8?B?YS5jc3Y=?=\"", "filename=\"=?utf-8?B?YS5jc3Y?=\"",
			"filename=\"a.jsonl=?utf-8?Q?.csv?=\"", "filename=\"=?utf-8?Q?a.jsonl?= =?utf-8?Q?.csv?=\"",
			"filename=\"=?utf-8?Q?a.csv=00?=\"", "filename*0=\"=?utf-8?B?YS5\"; filename*1=\"jc3Y=?=\"",
			"filename=\"a.jsonl\"; filename*=UTF-8''a.csv", "filename=\"a.jsonl\"; filename*0=a; filename*1=.csv",
			"filename*=UTF-8''a%zz.csv", "filename*0*=nowhere''a.csv", "filename=\"=?nowhere?Q?a.csv?=\"",
			"filename=\"a.CSV\"", "filename=\"a.j\u017Fonl\"" })
	void holdsEveryNotationOfANameToTheExtensionOfItsPurpose(String parameters) {
		for (String purpose : new String[] { "batch", "fine-tune" }) {
			Answer answer = uploadFor(purpose, parameters);
			assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
			assertThat(answer.text("detail")).endsWith("API. Must be .jsonl");
		}
	}

	@Test
	void shortensADecodedName() {
		String encoded = "=?utf-8?Q?" + "=C3=A9".repeat(300) + ".jsonl?=";
		assertThat(uploadFor("batch", "filename=\"" + encoded + '"').text("filename"))
			.isEqualTo("é".repeat(249) + ".jsonl");
	}

	private static Answer uploadFor(String purpose, String parameters) {
		return alice.upload(new Form().field("purpose", purpose)
			.part("form-data; name=\"file\"; " + parameters, "{}\n".getBytes(StandardCharsets.UTF_8)));
	}

}
