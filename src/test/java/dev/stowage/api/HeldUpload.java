package dev.stowage.api;

import java.io.IOException;
import java.util.Arrays;

import dev.stowage.RawConnection;
import dev.stowage.StowageServer;

import org.springframework.jdbc.core.simple.JdbcClient;

import static dev.stowage.Soon.await;

/** An upload through a server, of which all but the end has come. */
final class HeldUpload implements AutoCloseable {

	private static final int HELD_BACK = 20;

	private final byte[] form;

	private final RawConnection connection;

	HeldUpload(StowageServer server, byte[] content) throws IOException {
		this.form = Acknowledged.form(content).bytes();
		this.connection = new RawConnection(server).uploadHead("Content-Length: " + this.form.length)
			.send(Arrays.copyOf(this.form, this.form.length - HELD_BACK));
		JdbcClient database = JdbcClient.create(server.database());
		await().until(() -> database.sql("SELECT count(*) FROM file WHERE status = 'PENDING' AND style = 'MULTIPART'")
			.query(Integer.class)
			.single() == 1);
	}

	/** Sends the end, and says what the server answers. */
	String finish() throws IOException {
		return this.connection.send(Arrays.copyOfRange(this.form, this.form.length - HELD_BACK, this.form.length))
			.answer();
	}

	/** The id of the file in an answer. */
	static String idIn(String answer) {
		int start = answer.indexOf("file-");
		return answer.substring(start, answer.indexOf('"', start));
	}

	@Override
	public void close() throws IOException {
		this.connection.close();
	}

}
