package dev.stowage.http.limits;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

import dev.stowage.http.audit.AuditFilter;
import dev.stowage.owner.Owner;
import dev.stowage.support.Caller;
import dev.stowage.support.Form;
import dev.stowage.support.Projects;
import dev.stowage.support.Scrape;
import dev.stowage.support.StowageServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.servlet.ServletException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.security.authentication.TestingAuthenticationToken;

import static org.assertj.core.api.Assertions.assertThat;

/** Metrics that tell owners apart, and what they cost. */
class OwnerMetricsTests {

	private static final String KEY = "metrics-0123456789abcdef";

	private static final String METRIC = "stowage_owner_requests_total";

	@Test
	void countTheRequestsOfEachOwnerByOutcome(@TempDir Path folder) {
		try (StowageServer server = StowageServer.start(folder, "stowage.metrics-key=" + KEY,
				"stowage.metrics-owners=yes", "stowage.quota-files=1", "stowage.rate-limit=6")) {
			Caller alice = server.alice();
			alice.uploaded("user_data", "a", "x");
			assertThat(alice.get("/v1/files").status()).isEqualTo(200);
			assertThat(alice.get("/v1/files/file-000000000000000000000000").status()).isEqualTo(404);
			for (int i = 0; i < 3; i++) {
				assertThat(alice.post("/v1/files", "{\"filename\": \"a.json\"}").text("code"))
					.isEqualTo("insufficient_quota");
			}
			assertThat(alice.get("/v1/files").text("code")).isEqualTo("rate_limit_exceeded");
			assertThat(server.bob().get("/v1/files").status()).isEqualTo(200);
			assertThat(server.with("sk-wrong").get("/v1/files").status()).isEqualTo(401);
			Scrape scrape = Scrape.of(server, KEY);
			assertThat(scrape.sum(METRIC, "owner=\"alice\"", "outcome=\"success\"")).isEqualTo(2);
			assertThat(scrape.sum(METRIC, "owner=\"alice\"", "outcome=\"client_error\"")).isEqualTo(1);
			assertThat(scrape.sum(METRIC, "owner=\"alice\"", "outcome=\"insufficient_quota\"")).isEqualTo(3);
			assertThat(scrape.sum(METRIC, "owner=\"alice\"", "outcome=\"too_many\"")).isEqualTo(1);
			assertThat(scrape.sum(METRIC, "owner=\"bob\"", "outcome=\"success\"")).isEqualTo(1);
			assertThat(scrape.sum(METRIC)).isEqualTo(8);
			assertThat(scrape.sum("stowage_quota_refused_total", "limit=\"quota\"")).isEqualTo(3);
			assertThat(scrape.sum("stowage_rate_limited_total", "limit=\"requests\"")).isEqualTo(1);
		}
	}

	@Test
	void countWhatAKeyDoesNotPermit(@TempDir Path folder) {
		try (StowageServer server = StowageServer.start(folder, "stowage.metrics-key=" + KEY,
				"stowage.metrics-owners=true", "stowage.admin-key=" + StowageServer.ADMIN)) {
			Projects projects = new Projects(server);
			String project = projects.create("reading");
			Caller reader = server.with(projects.key(project, ", \"scopes\": [\"files.read\"]"));
			assertThat(reader.post("/v1/files", "{\"filename\": \"a.json\"}").text("code"))
				.isEqualTo("insufficient_scope");
			assertThat(Scrape.of(server, KEY).sum(METRIC, "owner=\"" + project + "\"", "outcome=\"client_error\""))
				.isEqualTo(1);
		}
	}

	@Test
	void tellAFullQuotaByEachFamilyOfClients(@TempDir Path folder) {
		try (StowageServer server = StowageServer.start(folder, "stowage.metrics-key=" + KEY,
				"stowage.metrics-owners=true", "stowage.quota-files=1")) {
			server.alice().uploaded("user_data", "a", "x");
			Form form = new Form().file("b", "y");
			assertThat(server.alice()
				.send("POST", "/v1/files", BodyPublishers.ofByteArray(form.bytes()), "Content-Type", Form.CONTENT_TYPE,
						"anthropic-version", "2023-06-01")
				.status()).isEqualTo(400);
			assertThat(Scrape.of(server, KEY).sum(METRIC, "owner=\"alice\"", "outcome=\"insufficient_quota\""))
				.isEqualTo(1);
		}
	}

	@Test
	void nameNobodyUnlessTheOperatorWantsThat(@TempDir Path folder) {
		try (StowageServer server = StowageServer.start(folder, "stowage.metrics-key=" + KEY)) {
			assertThat(server.alice().get("/v1/files").status()).isEqualTo(200);
			Scrape scrape = Scrape.of(server, KEY);
			assertThat(scrape.names()).doesNotContain(METRIC);
			assertThat(scrape.series().keySet()).noneMatch((one) -> one.contains("alice"));
		}
	}

	@Test
	void tellALimitedNumberOfOwnersApart() throws ServletException, IOException {
		SimpleMeterRegistry meters = new SimpleMeterRegistry();
		OwnerMetricsFilter filter = new OwnerMetricsFilter(new OwnerMetricsProperties(true), meters);
		List<Owner> owners = IntStream.rangeClosed(0, OwnerMetricsFilter.MOST)
			.mapToObj((i) -> new Owner("owner-" + i))
			.toList();
		for (int round = 0; round < 2; round++) {
			for (Owner owner : owners) {
				MockHttpServletRequest request = new MockHttpServletRequest();
				AuditFilter.note(request, new TestingAuthenticationToken(owner, "none"));
				filter.doFilter(request, new MockHttpServletResponse(), new MockFilterChain());
			}
		}
		assertThat(meters.get("stowage.owner.requests").counters()).hasSize(OwnerMetricsFilter.MOST + 1);
		assertThat(meters.get("stowage.owner.requests").tag("owner", "(others)").counter().count()).isEqualTo(2);
		assertThat(meters.get("stowage.owner.requests").tag("owner", "owner-7").counter().count()).isEqualTo(2);
	}

}
