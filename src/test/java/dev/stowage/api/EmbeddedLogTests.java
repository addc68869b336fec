package dev.stowage.api;

import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import dev.stowage.support.Backing;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/** Clients without a key cannot write to the log through the embedded store. */
@ExtendWith(OutputCaptureExtension.class)
class EmbeddedLogTests {

	@TempDir
	static Path folder;

	@Test
	void hasNoLineForHostThatCannotBeRead(CapturedOutput output) throws Exception {
		try (StowageServer server = StowageServer.start(Backing.EMBEDDED, folder)) {
			URI url = URI.create(server.alice().post("/v1/files", "{\"filename\": \"a.json\"}").text("upload_url"));
			for (String head : new String[] { "Host: a:99999 FORGED", "Host: a\r\nHost: FORGED" }) {
				try (Socket client = new Socket(InetAddress.getLoopbackAddress(), url.getPort())) {
					client.getOutputStream()
						.write(("GET / HTTP/1.1\r\n" + head + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
					client.getInputStream().read();
				}
			}
		}
		assertThat(output.getAll()).doesNotContain("FORGED");
	}

}
