package dev.stowage.api;

import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

import dev.stowage.storage.s3.Fault;
import dev.stowage.storage.s3.FaultsInFront;
import dev.stowage.storage.s3.S3Call;
import dev.stowage.support.Answer;
import dev.stowage.support.Backing;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/** What clients see while a store keeps failing, and what it holds afterwards. */
@Tag("long")
class StoreOutageTests extends BehindStoreFaults {

	@BeforeParameterizedClassInvocation
	static void start(Backing backing) {
		start(backing, FaultsInFront.usual());
	}

	@ParameterizedTest
	@MethodSource("lastingFault")
	void isAnsweredWith503AndLeavesNothing(Deed deed, S3Call call, Fault fault) {
		Supplier<Answer> act = deed.prepare();
		faults().recover();
		faults().failAlways(call, fault);
		assertOutage(deed, act.get());
		assertThat(faults().count(call)).isPositive();
	}

	@ParameterizedTest
	@EnumSource
	void refusesConnections(Deed deed) throws Exception {
		Supplier<Answer> act = deed.prepare();
		faults().refuse();
		assertOutage(deed, act.get());
		assertThat(server().alice().get("/actuator/health/readiness").status()).isEqualTo(503);
		assertThat(server().alice().get("/actuator/health/liveness").status()).isEqualTo(200);
	}

	/** A delete is still acknowledged; the bytes are removed when the store is back. */
	private static void assertOutage(Deed deed, Answer answer) {
		if (deed == Deed.DELETE) {
			assertThat(answer.status()).isEqualTo(200);
		}
		else {
			Acknowledged.assertUnavailable(answer);
		}
	}

	@Test
	void leavesAnOpenUploadToTheSweeperWhereEvenTheAbortFails() {
		faults().failAlways(S3Call.UPLOAD_PART, Fault.answer(403, "AccessDenied"));
		faults().failAlways(S3Call.ABORT_UPLOAD, Fault.answer(500, "InternalError"));
		Acknowledged.assertUnavailable(files().upload(LARGE));
		faults().recover();
		assertThat(server().engine().openUploads()).isNotEmpty();
	}

	static Stream<Arguments> lastingFault() {
		return steps().flatMap((step) -> Stream
			.concat(Stream.of(Named.of("500", Fault.answer(500, "InternalError")), Named.of("reset", Fault.reset()),
					Named.of("answer lost", Fault.cutAnswerAfter(0))), slowDown(step.call()))
			.map((fault) -> arguments(step.deed(), step.call(), fault)));
	}

	/** The client waits seconds for it, once for each of its actions. */
	private static Stream<Named<Fault>> slowDown(S3Call call) {
		boolean tried = Set.of(S3Call.PUT_OBJECT, S3Call.UPLOAD_PART, S3Call.GET_OBJECT, S3Call.DELETE_OBJECT)
			.contains(call);
		return tried ? Stream.of(Named.of("503", Fault.answer(503, "SlowDown"))) : Stream.empty();
	}

}
