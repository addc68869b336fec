package dev.stowage.api;

import java.util.function.Supplier;
import java.util.stream.Stream;

import dev.stowage.storage.s3.Fault;
import dev.stowage.storage.s3.FaultsInFront;
import dev.stowage.storage.s3.S3Call;
import dev.stowage.support.Answer;
import dev.stowage.support.Backing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

/** A store that does what it is asked, but whose answers are wrong or incomplete. */
class StoreAnswerTests extends BehindStoreFaults {

	@BeforeParameterizedClassInvocation
	static void start(Backing backing) {
		start(backing, FaultsInFront.usual());
	}

	/** A part is named by its tag; nothing depends on the other tags. */
	@ParameterizedTest
	@CsvSource({ "UPLOAD_SMALL, PUT_OBJECT, 200", "UPLOAD_LARGE, UPLOAD_PART, 503",
			"UPLOAD_LARGE, COMPLETE_UPLOAD, 200", "COMPLETE, HEAD_OBJECT, 409", "COMPLETE, GET_OBJECT, 200",
			"COMPLETE, COPY_OBJECT, 200", "DOWNLOAD, GET_OBJECT, 200" })
	void mayNameAWrongTag(Deed deed, S3Call call, int status) {
		Supplier<Answer> act = deed.prepare();
		faults().recover();
		faults().failAlways(call, Fault.wrongTag());
		Answer answer = act.get();
		assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
		assertThat(faults().count(call)).isPositive();
	}

	@Test
	void completesOnceTheTagIsRightAgain() {
		String id = files().sent();
		faults().failAlways(S3Call.HEAD_OBJECT, Fault.wrongTag());
		assertThat(files().complete(id).text("code")).isEqualTo("file_replaced");
		faults().recover();
		assertThat(files().complete(id).status()).isEqualTo(200);
	}

	@ParameterizedTest
	@MethodSource
	void isNotBelievedWhenItBreaksOff(Deed deed, S3Call call, Fault fault) {
		Supplier<Answer> act = deed.prepare();
		faults().recover();
		faults().failAlways(call, fault);
		Acknowledged.assertUnavailable(act.get());
	}

	static Stream<Arguments> isNotBelievedWhenItBreaksOff() {
		Fault half = Fault.halfAnswer();
		Fault empty = Fault.emptyAnswer();
		Fault cut = Fault.cutAnswer();
		return Stream.of(argumentSet("create half", Deed.UPLOAD_LARGE, S3Call.CREATE_UPLOAD, half),
				argumentSet("create empty", Deed.UPLOAD_LARGE, S3Call.CREATE_UPLOAD, empty),
				argumentSet("create cut", Deed.UPLOAD_LARGE, S3Call.CREATE_UPLOAD, cut),
				argumentSet("complete half", Deed.UPLOAD_LARGE, S3Call.COMPLETE_UPLOAD, half),
				argumentSet("complete cut", Deed.UPLOAD_LARGE, S3Call.COMPLETE_UPLOAD, cut),
				argumentSet("get half", Deed.COMPLETE, S3Call.GET_OBJECT, half),
				argumentSet("get empty", Deed.COMPLETE, S3Call.GET_OBJECT, empty),
				argumentSet("get cut", Deed.COMPLETE, S3Call.GET_OBJECT, cut),
				argumentSet("copy half", Deed.COMPLETE, S3Call.COPY_OBJECT, half),
				argumentSet("copy empty", Deed.COMPLETE, S3Call.COPY_OBJECT, empty),
				argumentSet("copy cut", Deed.COMPLETE, S3Call.COPY_OBJECT, cut),
				argumentSet("download half", Deed.DOWNLOAD, S3Call.GET_OBJECT, half),
				argumentSet("download empty", Deed.DOWNLOAD, S3Call.GET_OBJECT, empty));
	}

	@Test
	void countsACompletionThatIsThereThoughTheAnswerIsEmpty() {
		faults().failAlways(S3Call.COMPLETE_UPLOAD, Fault.emptyAnswer());
		assertThat(files().upload(LARGE).status()).isEqualTo(200);
	}

	@Test
	void doesNotCountACompletionThatIsNotThereWhenTheAnswerIsEmpty() {
		faults().failAlways(S3Call.COMPLETE_UPLOAD, Fault.nothing(200));
		Acknowledged.assertUnavailable(files().upload(LARGE));
	}

	@Test
	void breaksADownloadOffThatIsCut() {
		faults().failAlways(S3Call.GET_OBJECT, Fault.cutAnswer());
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> files().download(kept()))
			.withMessageStartingWith("No answer to GET");
	}

	@Test
	void keepsTheRowOfAnOpenUploadOfWhichAnEmptyListSaysNothing() {
		faults().failAlways(S3Call.UPLOAD_PART, Fault.answer(403, "AccessDenied"));
		faults().failAlways(S3Call.ABORT_UPLOAD, Fault.answer(500, "InternalError"));
		Acknowledged.assertUnavailable(files().upload(LARGE));
		faults().recover();
		faults().failAlways(S3Call.LIST_UPLOADS, Fault.emptyAnswer());
		files().letTimePassAndSweep();
		faults().recover();
		assertThat(server().engine().openUploads()).isNotEmpty();
	}

}
