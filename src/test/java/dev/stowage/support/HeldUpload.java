package dev.stowage.support;

import java.io.IOException;
import java.util.Arrays;

import org.springframework.jdbc.core.simple.JdbcClient;

import static dev.stowage.support.Soon.await;

/** An upload whose bytes are sent when the test requests it. */
public final class HeldUpload implements AutoCloseable {

	private final RawConnection connection;

	private final byte[] form;

	private int sent;

	/** Sends its head, and a number of bytes of its form. */
	public HeldUpload(RawConnection connection, byte[] form, int first) throws IOException {
		this.connection = connection.uploadHead("Content-Length: " + form.length);
		this.form = form;
		send(first);
	}

	/** Waits until a database has its row; no other upload may be in progress. */
	public HeldUpload awaitRow(JdbcClient database) {
		await().until(() -> database.sql("SELECT count(*) FROM file WHERE status = 'PENDING' AND style = 'MULTIPART'")
			.query(Integer.class)
			.single() == 1);
		return this;
	}

	/** Sends a number of further bytes. */
	public void send(int count) throws IOException {
		this.connection.send(Arrays.copyOfRange(this.form, this.sent, this.sent + count));
		this.sent += count;
	}

	/** Sends the rest, and returns the server's answer. */
	public String finish() throws IOException {
		send(this.form.length - this.sent);
		return this.connection.answer();
	}

	/** Whether the server answered before it had all. */
	public boolean isAnswered() throws IOException {
		return this.connection.isAnswered();
	}

	/** The server's answer before it has all bytes. */
	public String answer() throws IOException {
		return this.connection.answer();
	}

	/** The id of the file in an answer. */
	public static String idIn(String answer) {
		int start = answer.indexOf("file-");
		return answer.substring(start, answer.indexOf('"', start));
	}

	@Override
	public void close() throws IOException {
		this.connection.close();
	}

}
