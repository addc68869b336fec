package dev.stowage.http.head;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

import dev.stowage.support.RawConnection;
import dev.stowage.support.StowageServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Which page's origin is the server's own, with and without a proxy in front. */
class PublicOriginTests {

	private static final String OWN = """
			Host: files.example%X-Forwarded-Proto: https                              | https://files.example
			Host: files.example%X-Forwarded-Proto: HTTPS                              | https://files.example
			Host: files.example:8443%X-Forwarded-Proto: https                         | https://files.example:8443
			Host: files.example%X-Forwarded-Proto: https%X-Forwarded-Port: 8443       | https://files.example:8443
			Host: stowage_1:8080%X-Forwarded-Proto: https%X-Forwarded-Host: files.example | https://files.example
			Host: stowage:8080%X-Forwarded-Proto: https%X-Forwarded-Host: files.example:8443 | https://files.example:8443
			Host: stowage:8080%X-Forwarded-Proto: https%X-Forwarded-Host: files.example%X-Forwarded-Port: 8443 | https://files.example:8443
			Host: stowage%X-Forwarded-Proto: Https, http%X-Forwarded-Host: files.example, inner_proxy | https://files.example
			Host: stowage%X-Forwarded-Proto: https%X-Forwarded-Host: my_files         | https://my_files
			Host: stowage%X-Forwarded-Proto: http%X-Forwarded-Host: files.example     | http://files.example
			Host: stowage%X-Forwarded-Proto: https%X-Forwarded-Host: [2001:db8::1]:8443 | https://[2001:db8::1]:8443
			Host: stowage%Forwarded: proto=https;host=files.example                   | https://files.example
			Host: stowage%Forwarded: for=192.0.2.1;Host="files.example:8443";Proto=https, for=x;host=inner;proto=http | https://files.example:8443
			Host: files.example%Forwarded: for="[2001:db8::1]:5;,";proto=https        | https://files.example
			""";

	private static final String DIRECT = """
			Host: files.example                              | http://files.example
			Host: files.example:8080                         | http://files.example:8080
			Host: my_files:8080                              | http://my_files:8080
			""";

	private static final String FOREIGN = """
			Host: files.example%X-Forwarded-Proto: https                              | https://evil.example
			Host: files.example%X-Forwarded-Proto: https                              | http://files.example
			Host: files.example%X-Forwarded-Proto: https                              | https://files.example:8443
			Host: files.example%X-Forwarded-Proto: https                              | https://files.example.evil.example
			Host: files.example                                                       | https://files.example
			Host: files.example                                                       | null
			Host: stowage%X-Forwarded-Proto: https%X-Forwarded-Host: files.example    | https://stowage
			Host: stowage%X-Forwarded-Proto: https%X-Forwarded-Host: files.example, evil.example | https://evil.example
			Host: stowage%Forwarded: proto=https;host=files.example                   | https://stowage
			Host: stowage%Forwarded: for="x;host=evil.example";host=files.example     | http://evil.example
			Host: stowage%X-Forwarded-Host: evil.example/x                            | http://evil.example
			""";

	@TempDir
	static Path folder;

	@TempDir
	static Path publicFolder;

	private static StowageServer behindProxy;

	/** One to which no address is that of a proxy. */
	private static StowageServer inPublic;

	@BeforeAll
	static void start() {
		behindProxy = StowageServer.start(folder, "stowage.cors-origins=https://other.example");
		inPublic = StowageServer.start(publicFolder, "stowage.cors-origins=https://other.example",
				"server.tomcat.remoteip.internal-proxies=192.0.2.0/24");
	}

	@AfterAll
	static void stop() {
		behindProxy.close();
		inPublic.close();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = OWN + DIRECT)
	void isWhatTheProxySays(String headers, String origin) throws IOException {
		assertThat(delete(behindProxy, headers, origin)).startsWith("HTTP/1.1 404").contains("file_not_found");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = FOREIGN)
	void isNoOther(String headers, @Nullable String origin) throws IOException {
		assertThat(delete(behindProxy, headers, Optional.ofNullable(origin).orElse("null"))).startsWith("HTTP/1.1 403")
			.contains("origin_not_allowed");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = OWN)
	void isNotWhatAClientWithAPublicAddressSays(String headers, String origin) throws IOException {
		assertThat(delete(inPublic, headers, origin)).startsWith("HTTP/1.1 403").contains("origin_not_allowed");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = DIRECT)
	void isTheHostWhateverAClientWithAPublicAddressSays(String headers, String origin) throws IOException {
		assertThat(delete(inPublic, headers + "%X-Forwarded-Proto: https%X-Forwarded-Host: evil.example"
				+ "%Forwarded: proto=https;host=evil.example", origin))
			.startsWith("HTTP/1.1 404");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = OWN)
	void doesNotConcernAllowedOrigins(String headers, String origin) throws IOException {
		assertThat(delete(behindProxy, headers, "https://other.example")).startsWith("HTTP/1.1 404")
			.contains("Access-Control-Allow-Origin: https://other.example");
	}

	private static String delete(StowageServer server, String headers, String origin) throws IOException {
		try (RawConnection connection = new RawConnection(server)) {
			return connection
				.send("DELETE /v1/files/file-x HTTP/1.1\r\n" + headers.replace("%", "\r\n") + "\r\nOrigin: " + origin
						+ "\r\nAuthorization: Bearer " + StowageServer.ALICE + "\r\nConnection: close\r\n\r\n")
				.rest();
		}
	}

}
