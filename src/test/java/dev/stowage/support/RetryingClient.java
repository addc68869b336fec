package dev.stowage.support;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/**
 * A client of several instances that sends again, to another instance, what failed for a
 * temporary reason, twice at most: like the SDKs of OpenAI behind a load balancer.
 */
public final class RetryingClient {

	private static final int RETRIES = 2;

	private static final int PAUSE_MILLIS = 500;

	private static final int REQUEST_TIMEOUT = 408;

	/** For a completion whose instance was stopped before it could answer. */
	private static final int CONFLICT = 409;

	private static final int TOO_MANY_REQUESTS = 429;

	private final List<URI> copies;

	private final Random random;

	private int retries;

	public RetryingClient(List<URI> copies, Random random) {
		this.copies = copies;
		this.random = random;
	}

	/** How often a request was sent again. */
	public int retries() {
		return this.retries;
	}

	/** Uploads through an instance, and returns the file's id. */
	public String upload(byte[] content) {
		byte[] form = new Form().field("purpose", "user_data").file("a", content).bytes();
		return require(200, send((caller) -> caller.upload(form))).text("id");
	}

	/** Uploads directly to the store, and returns the file's id. */
	public String uploadPresigned(String json) {
		Answer grant = require(200, send((caller) -> caller.post("/v1/files", "{\"filename\": \"a.json\"}")));
		require(200, Caller.sendTo(URI.create(grant.text("upload_url")), "PUT", json));
		int before = this.retries;
		Answer completed = send((caller) -> caller.post("/v1/files/" + grant.text("id") + "/complete"));
		boolean byAnEarlierTry = this.retries > before && completed.text("code").equals("already_completed");
		return byAnEarlierTry ? grant.text("id") : require(200, completed).text("id");
	}

	public void delete(String id) {
		int before = this.retries;
		Answer deleted = send((caller) -> caller.delete("/v1/files/" + id));
		boolean byAnEarlierTry = this.retries > before && deleted.status() == 404;
		if (!byAnEarlierTry) {
			require(200, deleted);
		}
	}

	public Answer get(String path) {
		return require(200, send((caller) -> caller.get(path)));
	}

	private Answer send(Function<Caller, Answer> request) {
		int copy = this.random.nextInt(this.copies.size());
		for (int left = RETRIES;; left--) {
			try {
				Answer answer = request.apply(new Caller(this.copies.get(copy), StowageServer.ALICE));
				if (left == 0 || !mayPass(answer.status())) {
					return answer;
				}
			}
			catch (AssertionError ex) {
				if (left == 0 || !(ex.getCause() instanceof IOException)) {
					throw ex;
				}
			}
			this.retries++;
			copy = (copy + 1) % this.copies.size();
			pause();
		}
	}

	private static boolean mayPass(int status) {
		return status == REQUEST_TIMEOUT || status == CONFLICT || status == TOO_MANY_REQUESTS || status >= 500;
	}

	private static void pause() {
		try {
			Thread.sleep(PAUSE_MILLIS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError(ex);
		}
	}

	private static Answer require(int status, Answer answer) {
		if (answer.status() != status) {
			throw new AssertionError("A retry did not help: " + answer);
		}
		return answer;
	}

}
