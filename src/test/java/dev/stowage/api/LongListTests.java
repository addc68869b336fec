package dev.stowage.api;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.List;

import dev.stowage.support.Answer;
import dev.stowage.support.Backing;
import dev.stowage.support.ManyRows;
import dev.stowage.support.OnEachBacking;
import dev.stowage.support.RawConnection;
import dev.stowage.support.Soon;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Lists with more rows than are read from the database at a time. */
class LongListTests extends OnEachBacking {

	/** More than a connection's buffers take when nobody reads. */
	private static final int ROWS = 10_000;

	private static final String LONG_NAME = "\u5b57".repeat(251) + ".png";

	@TempDir
	static Path folder;

	private static StowageServer server;

	private static List<String> ids = List.of();

	@BeforeParameterizedClassInvocation
	static void start(Backing backing) {
		server = StowageServer.start(backing, folder);
		ids = ManyRows.write(server.database(), ROWS, LONG_NAME);
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		server.close();
	}

	@ParameterizedTest
	@CsvSource({ "10000, asc", "10000, desc", "9999, asc", "250, desc", "251, asc", "500, desc" })
	void isOneWalkOverAllPages(int limit, String order) {
		Answer answer = server.alice().get("/v1/files?limit=" + limit + "&order=" + order);
		List<String> expected = (order.equals("asc") ? ids : ids.reversed()).subList(0, limit);
		assertThat(answer.ids()).containsExactlyElementsOf(expected);
		assertThat(answer.header("content-type")).contains("application/json");
		assertThat(answer.body()).startsWith("{\"object\":\"list\",\"data\":[{\"id\":\"" + expected.getFirst() + "\"")
			.endsWith("}],\"has_more\":" + (limit < ROWS) + ",\"first_id\":\"" + expected.getFirst()
					+ "\",\"last_id\":\"" + expected.getLast() + "\"}");
	}

	@Test
	void breaksOffWhenTheDatabaseFailsBetweenTwoPages(@TempDir Path other) throws Exception {
		try (StowageServer failing = StowageServer.start(this.backing, other)) {
			ManyRows.write(failing.database(), ROWS, LONG_NAME);
			try (RawConnection reader = new RawConnection(failing)) {
				reader.send("GET /v1/files HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + StowageServer.ALICE
						+ "\r\n\r\n");
				assertThat(reader.statusLine()).startsWith("HTTP/1.1 200");
				// waits for its client, and has returned its connection
				Soon.await().until(() -> failing.database().getHikariPoolMXBean().getActiveConnections() == 0);
				failing.loseDatabase();
				assertThat(reader.rest()).contains("\"data\":[{")
					.doesNotContain("has_more")
					.doesNotEndWith("0\r\n\r\n");
			}
		}
	}

	@Test
	void answersHeadWithoutReadingAll() {
		Answer answer = server.alice().send("HEAD", "/v1/files", BodyPublishers.noBody());
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.header("content-type")).contains("application/json");
	}

}
