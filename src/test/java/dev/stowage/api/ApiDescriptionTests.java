package dev.stowage.api;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.stowage.support.Answer;
import dev.stowage.support.Caller;
import dev.stowage.support.Description;
import dev.stowage.support.Form;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.core.io.ClassPathResource;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The description, compared with the server's answers and with the two published ones.
 */
class ApiDescriptionTests {

	private static final JsonMapper json = new JsonMapper();

	private static final String UPLOAD = "/v1/uploads/{id}";

	private static final Pattern OF_UPLOADS = Pattern
		.compile("(?i)(upload|tus|stowage|idempotency)-.*|(content-)?location|allow");

	@TempDir
	static Path folder;

	private static StowageServer server;

	private static JsonNode description;

	@BeforeAll
	static void start() {
		server = StowageServer.start(folder);
		Answer answer = server.with("").get("/openapi.json");
		assertThat(answer.status()).isEqualTo(200);
		description = answer.json();
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@Test
	void describesEveryPathAndMethodAndNoOther() {
		Set<String> described = new TreeSet<>();
		description.path("paths")
			.propertyStream()
			.forEach((path) -> path.getValue()
				.propertyNames()
				.stream()
				.filter((member) -> !member.equals("parameters"))
				.forEach((method) -> described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
		Set<String> served = new TreeSet<>();
		server.bean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
			.getHandlerMethods()
			.keySet()
			.forEach((mapping) -> mapping.getPatternValues()
				.stream()
				.filter((path) -> path.startsWith("/v1/"))
				.forEach((path) -> mapping.getMethodsCondition()
					.getMethods()
					.forEach((RequestMethod method) -> served.add(method + " " + path))));
		assertThat(described).isEqualTo(served);
	}

	@Test
	void describesWhatTheServerAnswers() {
		Caller alice = server.alice();
		Answer grant = alice.post("/v1/files", "{\"filename\": \"a.json\"}");
		assertDescribed(grant, "UploadGrant");
		assertDescribed(alice.get("/v1/files/" + grant.text("id")), "File");
		assertDescribed(alice.post("/v1/files/" + grant.text("id") + "/complete"), "Problem");
		Caller.sendTo(URI.create(grant.text("upload_url")), "PUT", "[]");
		assertDescribed(alice.post("/v1/files/" + grant.text("id") + "/complete"), "File");
		Answer file = alice.upload(new Form().field("purpose", "evals").file("a", "x"));
		assertDescribed(file, "File");
		assertDescribed(alice.upload(new Form().field("purpose", "evals").field("metadata[a]", "b").file("a", "x")),
				"File");
		assertDescribed(alice.get("/v1/files"), "FileList");
		assertDescribed(alice.get("/v1/usage"), "OwnUsage");
		assertDescribed(server.bob().get("/v1/files"), "FileList");
		assertDescribed(alice.get("/v1/files/" + file.text("id") + "/content?expires_in=5"), "Link");
		assertDescribed(alice.get("/v1/files/" + file.text("id") + "/url"), "Url");
		assertDescribed(alice.delete("/v1/files/" + file.text("id")), "DeletedFile");
		assertDescribed(alice.delete("/v1/files/" + file.text("id")), "Problem");
		assertDescribed(server.with("").get("/v1/files"), "Problem");
		assertDescribed(server.with("sk-wrong-0123456789abcdef").get("/v1/files"), "Problem");
	}

	@Test
	void describesWhatTheServerAnswersAboutFilesInParts() {
		Caller alice = server.alice();
		Answer grant = alice.post("/v1/files", "{\"filename\": \"a.json\", \"bytes\": 2, \"parts\": true}");
		assertDescribed(grant, "PartsGrant");
		String path = "/v1/files/" + grant.text("id");
		assertDescribed(alice.get(path + "/upload_urls"), "PartUrlList");
		assertDescribed(alice.get(path + "/upload_urls?from=2"), "Problem");
		Answer put = Caller.sendTo(URI.create(grant.json().at("/upload_urls/0/url").asString()), "PUT", "[]");
		assertDescribed(alice.post(path + "/complete"), "Problem");
		assertDescribed(alice.post(path + "/complete",
				"{\"parts\": [{\"number\": 1, \"etag\": " + put.header("ETag").orElseThrow() + "}]}"), "File");
	}

	@Test
	void describesWhatTheServerAnswersAboutUploadsInParts() {
		Caller alice = server.alice();
		Answer upload = alice.post("/v1/uploads",
				"{\"purpose\": \"evals\", \"filename\": \"a\", \"bytes\": 1, \"mime_type\": \"text/plain\"}");
		assertDescribed(upload, "PartUpload");
		String path = "/v1/uploads/" + upload.text("id");
		Answer part = alice.form(path + "/parts", new Form().part("form-data; name=\"data\"", new byte[] { 1 }));
		assertDescribed(part, "Part");
		assertDescribed(alice.get(path + "/parts"), "PartList");
		assertDescribed(alice.post(path + "/complete", "{\"part_ids\": []}"), "Problem");
		Answer completed = alice.post(path + "/complete", "{\"part_ids\": [\"" + part.text("id") + "\"]}");
		assertDescribed(completed, "PartUpload");
		assertThat(Description.errors(description, "#/components/schemas/File", completed.json().path("file")))
			.isEmpty();
		assertDescribed(alice.get(path), "PartUpload");
		assertDescribed(alice.post(path + "/cancel"), "Problem");
	}

	@Test
	void describesWhatTheServerAnswersAboutUploadsOfTus() {
		String[] tus = { "Tus-Resumable", "1.0.0", "Content-Type", "application/offset+octet-stream" };
		Answer created = describedAnswer("POST", "/v1/uploads", "/v1/uploads", "he", with(tus, "Upload-Length", "5"));
		String path = created.header("Location").orElseThrow();
		describedAnswer("HEAD", UPLOAD, path, "", tus);
		describedAnswer("PATCH", UPLOAD, path, "l", with(tus, "Upload-Offset", "2"));
		assertThat(describedAnswer("PATCH", UPLOAD, path, "l",
				with(tus, "Upload-Offset", "3", "Upload-Checksum", "sha1 x"))
			.status()).isEqualTo(400);
		String wrong = "sha1 " + "A".repeat(27) + "=";
		assertThat(
				describedAnswer("PATCH", UPLOAD, path, "l", with(tus, "Upload-Offset", "3", "Upload-Checksum", wrong))
					.status())
			.isEqualTo(460);
		assertThat(describedAnswer("PATCH", UPLOAD, path, "lo!", with(tus, "Upload-Offset", "3")).status())
			.isEqualTo(413);
		describedAnswer("PATCH", UPLOAD, path, "lo", with(tus, "Upload-Offset", "3"));
		describedAnswer("HEAD", UPLOAD, path, "", tus);
		describedAnswer("DELETE", UPLOAD, path, "", tus);
		describedAnswer("POST", "/v1/uploads", "/v1/uploads", "hello", with(tus, "Upload-Length", "5"));
		String other = describedAnswer("POST", "/v1/uploads", "/v1/uploads", "", "Tus-Resumable", "1.0.0",
				"Upload-Defer-Length", "1")
			.header("Location")
			.orElseThrow();
		describedAnswer("HEAD", UPLOAD, other, "", tus);
		assertThat(describedAnswer("DELETE", UPLOAD, other, "", "Tus-Resumable", "2.0.0").status()).isEqualTo(412);
		assertThat(describedAnswer("DELETE", UPLOAD, other, "", tus).status()).isEqualTo(204);
		assertThat(describedAnswer("PATCH", UPLOAD, other, "x", with(tus, "Upload-Offset", "0")).status())
			.isEqualTo(410);
	}

	@Test
	void describesWhatTheServerAnswersAboutResumableUploads() {
		String files = "/v1/files";
		String query = files + "?purpose=evals";
		String[] partial = { "Content-Type", "application/partial-upload" };
		assertDescribed(describedAnswer("POST", files, query, "hello", "Upload-Complete", "?1"), "File");
		Answer created = describedAnswer("POST", files, query, "he", "Upload-Complete", "?0", "Upload-Length", "5");
		assertThat(created.status()).isEqualTo(201);
		String path = created.header("Location").orElseThrow();
		describedAnswer("HEAD", UPLOAD, path, "");
		describedAnswer("PATCH", UPLOAD, path, "l", with(partial, "Upload-Offset", "2", "Upload-Complete", "?0"));
		Answer wrong = describedAnswer("PATCH", UPLOAD, path, "l",
				with(partial, "Upload-Offset", "2", "Upload-Complete", "?0"));
		assertThat(wrong.json().path("expected-offset").asLong()).isEqualTo(3);
		Answer inconsistent = describedAnswer("PATCH", UPLOAD, path, "l",
				with(partial, "Upload-Offset", "3", "Upload-Complete", "?1"));
		assertThat(inconsistent.status()).isEqualTo(400);
		assertDescribed(describedAnswer("PATCH", UPLOAD, path, "lo",
				with(partial, "Upload-Offset", "3", "Upload-Complete", "?1")), "File");
		describedAnswer("HEAD", UPLOAD, path, "");
		for (String known : List.of(files, "/v1/uploads", UPLOAD)) {
			describedAnswer("OPTIONS", known, known.replace("{id}", "upload_x"), "");
		}
	}

	private static String[] with(String[] headers, String... more) {
		return Stream.concat(Stream.of(headers), Stream.of(more)).toArray(String[]::new);
	}

	/** An answer whose status and whose headers of uploads the description knows. */
	private static Answer describedAnswer(String method, String described, String path, String body,
			String... headers) {
		Answer answer = server.alice()
			.send(method, path, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body), headers);
		JsonNode known = resolved(description.path("paths")
			.path(described)
			.path(method.toLowerCase(Locale.ROOT))
			.path("responses")
			.path(String.valueOf(answer.status())));
		assertThat(known.isObject()).as(method + " " + answer).isTrue();
		if (answer.status() >= 400) {
			assertDescribed(answer, "Problem");
			return answer;
		}
		Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
		names.addAll(known.path("headers").propertyNames());
		for (Map.Entry<String, List<String>> header : answer.response().headers().map().entrySet()) {
			if (OF_UPLOADS.matcher(header.getKey()).matches()) {
				assertThat(names).as(method + " " + answer).contains(header.getKey());
				String name = names.stream().filter(header.getKey()::equalsIgnoreCase).findFirst().orElseThrow();
				JsonNode schema = resolved(known.path("headers").path(name)).path("schema");
				assertThat(errors(description, schema, header.getValue().getFirst())).as(header.toString()).isEmpty();
			}
		}
		return answer;
	}

	private static JsonNode resolved(JsonNode node) {
		return node.has("$ref") ? description.at(node.path("$ref").asString().substring(1)) : node;
	}

	/** The errors of a header's text, which is a number if its schema says so. */
	private static List<String> errors(JsonNode document, JsonNode schema, String header) {
		ObjectNode wrapper = (ObjectNode) schema.deepCopy();
		wrapper.set("components", document.path("components"));
		JsonNode value = schema.path("type").asString("").equals("integer") ? json.readTree(header)
				: json.valueToTree(header);
		return Description.errors(wrapper, value);
	}

	@Test
	void tellsAnAnswerThatItDoesNotDescribe() {
		Answer file = server.alice().upload(new Form().field("purpose", "evals").file("a", "x"));
		ObjectNode broken = (ObjectNode) file.json();
		broken.remove("expires_at");
		assertThat(Description.errors(description, "#/components/schemas/File", broken)).isNotEmpty();
	}

	private static void assertDescribed(Answer answer, String schema) {
		assertThat(Description.errors(description, "#/components/schemas/" + schema, answer.json()))
			.as(answer.toString())
			.isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "assistants", "batch", "fine-tune", "vision", "user_data" })
	void answersAnUploadAsTheMultipartFamilyDescribesIt(String purpose) throws IOException {
		Answer answer = server.alice().upload(new Form().field("purpose", purpose).file("a.jsonl", "x"));
		assertThat(Description.errors(seed("multipart"), "#/components/schemas/FileObjectModel", answer.json()))
			.isEmpty();
	}

	@Test
	void answersARequestForAUrlAsThePresignedFamilyDescribesIt() throws IOException {
		Answer answer = server.alice().post("/v1/files", "{\"filename\": \"a.json\"}");
		assertThat(Description.errors(seed("presigned"),
				"#/paths/~1v1~1files/post/responses/200/content/application~1json/schema", answer.json()))
			.isEmpty();
	}

	@Test
	void takesWhateverTheTwoFamiliesDescribeAsARequest() throws IOException {
		JsonNode request = seed("multipart")
			.at("/paths/~1v1~1files/post/requestBody/content/multipart~1form-data/schema");
		JsonNode upload = description.at("/components/schemas/Upload");
		assertThat(names(upload.path("required"))).isEqualTo(names(request.path("required")));
		assertThat(upload.path("properties").propertyNames()).containsAll(request.path("properties").propertyNames());
		assertThat(names(upload.at("/properties/purpose/enum")))
			.isEqualTo(names(request.at("/properties/purpose/enum")));
		JsonNode expiry = description.at("/components/schemas/ExpiresAfter");
		for (String member : List.of("/properties/seconds/minimum", "/properties/seconds/maximum",
				"/properties/anchor/enum", "/required")) {
			assertThat(expiry.at(member)).isEqualTo(request.at("/properties/expires_after" + member));
		}
		JsonNode asked = seed("presigned").at("/paths/~1v1~1files/post/requestBody/content/application~1json/schema");
		JsonNode ours = description.at("/components/schemas/UploadRequest");
		for (String member : List.of("/required", "/properties/filename/pattern", "/properties/purpose/enum",
				"/properties/purpose/default")) {
			assertThat(ours.at(member)).isEqualTo(asked.at(member));
		}
	}

	private static Set<String> names(JsonNode array) {
		assertThat(array.isArray()).isTrue();
		return array.valueStream().map(JsonNode::asString).collect(Collectors.toCollection(TreeSet::new));
	}

	/** A published description, extracted from its page. */
	private static JsonNode seed(String name) throws IOException {
		try (InputStream page = new ClassPathResource("seeds/" + name + ".txt").getInputStream()) {
			String text = new String(page.readAllBytes(), StandardCharsets.UTF_8);
			int start = text.indexOf('\n', text.indexOf("````yaml"));
			Object yaml = new Yaml().load(text.substring(start, text.indexOf("````", start)));
			return json.valueToTree(yaml);
		}
	}

}
