package dev.stowage.api;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

import dev.stowage.storage.s3.FaultsInFront;
import dev.stowage.storage.s3.FaultyS3;
import dev.stowage.storage.s3.S3Call;
import dev.stowage.support.Answer;
import dev.stowage.support.Backing;
import dev.stowage.support.StowageServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One server per class that holds files of both styles, and a store that fails. Every
 * step is slow, so other engines than the embedded one are tried only on request.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("backings")
abstract class BehindStoreFaults {

	@Parameter
	Backing backing;

	/** One part and some of a second. */
	static final byte[] LARGE = random(9 * 1024 * 1024);

	static final byte[] SMALL = random(200_000);

	@TempDir
	static Path folder;

	private static @Nullable Running running;

	static List<Backing> backings() {
		return Boolean.getBoolean("test.faults.everywhere") ? Backing.all() : List.of(Backing.EMBEDDED);
	}

	static void start(Backing backing, FaultsInFront faults) {
		StowageServer server = StowageServer.start(backing, folder, faults, "stowage.expiry.context=never");
		Acknowledged files = new Acknowledged(server);
		String kept = files.upload(LARGE).text("id");
		assertThat(files.complete(files.sent()).status()).isEqualTo(200);
		running = new Running(faults, server, files, kept, files.ids());
	}

	@AfterParameterizedClassInvocation
	static void stop() throws Exception {
		server().close();
		running().faults().close();
	}

	private static byte[] random(int length) {
		byte[] bytes = new byte[length];
		new Random(length).nextBytes(bytes);
		return bytes;
	}

	@BeforeEach
	void isWell() {
		assertThat(server().alice().get("/actuator/health/readiness").status()).isEqualTo(200);
		faults().recover();
	}

	@AfterEach
	void everythingAcknowledgedAndNothingElseIsThere() {
		faults().recover();
		files().assertNothingElseIsListed();
		files().assertNothingElseIsLeft();
		// otherwise each test would search the files of all tests before it
		files().ids()
			.stream()
			.filter((id) -> !running().first().contains(id))
			.forEach((id) -> assertThat(files().delete(id).status()).isEqualTo(200));
	}

	static FaultyS3 faults() {
		return running().faults().faults();
	}

	static StowageServer server() {
		return running().server();
	}

	static Acknowledged files() {
		return running().files();
	}

	/** A large file that was uploaded before anything failed. */
	static String kept() {
		return running().kept();
	}

	private static Running running() {
		return Objects.requireNonNull(running);
	}

	/** One per class. */
	private record Running(FaultsInFront faults, StowageServer server, Acknowledged files, String kept,
			Set<String> first) {
	}

	/** Each call that a client's action depends on. */
	static Stream<Step> steps() {
		return Stream.of(new Step(Deed.UPLOAD_SMALL, S3Call.PUT_OBJECT),
				new Step(Deed.UPLOAD_LARGE, S3Call.CREATE_UPLOAD), new Step(Deed.UPLOAD_LARGE, S3Call.UPLOAD_PART),
				new Step(Deed.UPLOAD_LARGE, S3Call.COMPLETE_UPLOAD), new Step(Deed.COMPLETE, S3Call.HEAD_OBJECT),
				new Step(Deed.COMPLETE, S3Call.GET_OBJECT), new Step(Deed.COMPLETE, S3Call.COPY_OBJECT),
				new Step(Deed.DOWNLOAD, S3Call.GET_OBJECT), new Step(Deed.DELETE, S3Call.DELETE_OBJECT));
	}

	/** One call to the store within a client's action. */
	record Step(Deed deed, S3Call call) {
	}

	/** A client's action. */
	enum Deed {

		UPLOAD_SMALL {
			@Override
			Supplier<Answer> prepare() {
				return () -> files().upload(SMALL);
			}
		},

		UPLOAD_LARGE {
			@Override
			Supplier<Answer> prepare() {
				return () -> files().upload(LARGE);
			}
		},

		COMPLETE {
			@Override
			Supplier<Answer> prepare() {
				String id = files().sent();
				return () -> files().complete(id);
			}
		},

		DOWNLOAD {
			@Override
			Supplier<Answer> prepare() {
				return () -> files().download(kept());
			}
		},

		/** Performs it and sweeps immediately. */
		DELETE {
			@Override
			Supplier<Answer> prepare() {
				String id = files().upload(SMALL).text("id");
				return () -> {
					Answer answer = files().delete(id);
					server().sweep();
					return answer;
				};
			}
		};

		/** The steps before the fault. */
		abstract Supplier<Answer> prepare();

	}

}
