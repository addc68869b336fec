package dev.stowage.faults;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import dev.stowage.storage.EngineProcess;
import dev.stowage.support.ChildProcess;
import dev.stowage.support.JavaProcess;
import software.amazon.awssdk.auth.credentials.AwsCredentials;

import org.springframework.util.FileSystemUtils;

/** The engine that the server includes, without the server. */
final class S3ProxyProcess implements Engine {

	private final Path folder = Files.createTempDirectory("stowage-faults-engine");

	private final int port = ChildProcess.freePort();

	private JavaProcess process;

	S3ProxyProcess() throws IOException {
		this.process = start();
	}

	private JavaProcess start() throws IOException {
		JavaProcess started = new JavaProcess(this.folder.resolve("engine.log"), Map.of(),
				List.of("-Xmx256m", "-cp", System.getProperty("java.class.path"), EngineProcess.class.getName(),
						this.folder.toString(), Integer.toString(this.port)));
		Waiting.await("the engine").until(() -> Waiting.listens(this.port));
		return started;
	}

	@Override
	public String name() {
		return "S3Proxy";
	}

	@Override
	public URI endpoint() {
		return URI.create("http://127.0.0.1:" + this.port);
	}

	@Override
	public String bucket() {
		return World.EMBEDDED_BUCKET;
	}

	@Override
	public AwsCredentials credentials() {
		return EngineProcess.credentials(this.folder);
	}

	/** As the server embeds it, it takes only those without. */
	@Override
	public boolean takesSignedPayload() {
		return false;
	}

	@Override
	public void kill() throws InterruptedException {
		this.process.kill();
	}

	@Override
	public void startAgain() throws IOException {
		this.process = start();
	}

	@Override
	public void close() throws IOException {
		this.process.close();
		FileSystemUtils.deleteRecursively(this.folder);
	}

}
