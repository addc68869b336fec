package dev.stowage;

import java.net.URI;
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

import static org.assertj.core.api.Assertions.assertThat;

/** Read this first: what Stowage does, in two stories. */
class StowageTests extends OnEachBacking {

	@TempDir
	static Path folder;

	private static StowageServer server;

	@BeforeParameterizedClassInvocation
	static void start(Backing backing) {
		server = StowageServer.start(backing, folder);
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		server.close();
	}

	@Test
	void keepsAFileThatIsUploadedThroughTheServer() {
		Caller alice = server.alice();
		Answer file = alice.upload(new Form().field("purpose", "batch").file("requests.jsonl", "{\"n\": 1}\n"));
		assertThat(file.text("status")).isEqualTo("processed");
		String path = "/v1/files/" + file.text("id");
		assertThat(alice.get(path + "/content").body()).isEqualTo("{\"n\": 1}\n");
		assertThat(alice.get("/v1/files").ids()).contains(file.text("id"));
		assertThat(server.bob().get(path).status()).isEqualTo(404);
		assertThat(alice.delete(path).status()).isEqualTo(200);
		assertThat(alice.get(path).status()).isEqualTo(404);
	}

	@Test
	void keepsAFileThatIsUploadedPastTheServer() {
		Caller alice = server.alice();
		Answer grant = alice.post("/v1/files", "{\"filename\": \"data.json\"}");
		assertThat(Caller.sendTo(URI.create(grant.text("upload_url")), "PUT", "{\"n\": 1}").status()).isEqualTo(200);
		String path = "/v1/files/" + grant.text("id");
		assertThat(alice.get(path).text("status")).isEqualTo("pending");
		assertThat(alice.post(path + "/complete").text("status")).isEqualTo("completed");
		URI link = URI.create(alice.get(path + "/content").text("download_url"));
		assertThat(Caller.sendTo(link, "GET", "").body()).isEqualTo("{\"n\": 1}");
		assertThat(alice.delete(path).status()).isEqualTo(200);
		assertThat(Caller.sendTo(link, "GET", "").status()).isEqualTo(404);
	}

}
