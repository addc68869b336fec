package dev.stowage.api;

import java.net.URI;
import java.util.Arrays;

import dev.stowage.storage.s3.Fault;
import dev.stowage.storage.s3.FaultsInFront;
import dev.stowage.storage.s3.S3Call;
import dev.stowage.support.Answer;
import dev.stowage.support.Backing;
import dev.stowage.support.Caller;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** A store that ends every stream midway, as one does whose readers are slow. */
class StoreCutTests extends BehindStoreFaults {

	@BeforeParameterizedClassInvocation
	static void start(Backing backing) {
		start(backing, FaultsInFront.usual());
	}

	@ParameterizedTest
	@ValueSource(ints = { 300_000, 1_000_000, 9_000_000 })
	void sendsAllBytesOfAFile(int cut) {
		faults().failAlways(S3Call.GET_OBJECT, Fault.cutAnswerAfter(cut));
		Answer answer = files().download(kept());
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.bytes()).isEqualTo(LARGE);
		assertThat(faults().count(S3Call.GET_OBJECT)).isGreaterThan(1);
	}

	@ParameterizedTest
	@CsvSource({ "0, 8000000", "1000000, 5000000", "9000000, 9437183" })
	void sendsAllBytesOfARange(int first, int last) {
		faults().failAlways(S3Call.GET_OBJECT, Fault.cutAnswerAfter(400_000));
		Answer answer = server().alice()
			.get("/v1/files/" + kept() + "/content", "Range", "bytes=" + first + "-" + last);
		assertThat(answer.status()).isEqualTo(206);
		assertThat(answer.bytes()).isEqualTo(Arrays.copyOfRange(LARGE, first, last + 1));
	}

	@Test
	void verifiesWhatWasUploaded() {
		String json = "[\"" + "x".repeat(3_000_000) + "\"]";
		String id = sent(json);
		faults().failAlways(S3Call.GET_OBJECT, Fault.cutAnswerAfter(500_000));
		assertThat(server().alice().post("/v1/files/" + id + "/complete").status()).isEqualTo(200);
		assertThat(files().download(id).body()).isEqualTo(json);
		assertThat(files().delete(id).status()).isEqualTo(200);
	}

	/** Both halves together would be JSON. */
	@Test
	void verifiesNoMixtureOfTwoUploads() {
		Answer grant = server().alice().post("/v1/files", "{\"filename\": \"a.json\"}");
		URI url = URI.create(grant.text("upload_url"));
		put(url, "[" + "1,".repeat(500_000) + "1]");
		faults().fail(S3Call.GET_OBJECT, 1, 1, Fault.cutAnswerAfter(500_000));
		faults().fail(S3Call.GET_OBJECT, 2, 2, (head, in, exchange) -> {
			put(url, "[" + "2,".repeat(500_000) + "2]");
			Fault.NONE.handOn(head, in, exchange);
		});
		Answer complete = server().alice().post("/v1/files/" + grant.text("id") + "/complete");
		assertThat(complete.status()).as(complete.toString()).isEqualTo(409);
		assertThat(complete.text("code")).isEqualTo("file_replaced");
		assertThat(server().alice().post("/v1/files/" + grant.text("id") + "/complete").status()).isEqualTo(200);
		assertThat(files().download(grant.text("id")).body()).startsWith("[2,2,");
		assertThat(files().delete(grant.text("id")).status()).isEqualTo(200);
	}

	/** The checksum is that of all bytes, across all answers. */
	@Test
	void sendsNoWrongBytesAsTheEndOfAFile() {
		faults().fail(S3Call.GET_OBJECT, 1, 1, Fault.cutAnswerAfter(1_000_000));
		faults().failAlways(S3Call.GET_OBJECT, Fault.wrongLastByte());
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> files().download(kept()))
			.withMessageStartingWith("No answer to GET");
		assertThat(faults().count(S3Call.GET_OBJECT)).isEqualTo(2);
	}

	@Test
	void endsADownloadWhereTheStoreIsGone() {
		faults().fail(S3Call.GET_OBJECT, 1, 1, Fault.cutAnswerAfter(1_000_000));
		faults().failAlways(S3Call.GET_OBJECT, Fault.reset());
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> files().download(kept()))
			.withMessageStartingWith("No answer to GET");
		assertThat(faults().count(S3Call.GET_OBJECT)).isLessThan(40);
	}

	private static String sent(String json) {
		Answer grant = server().alice().post("/v1/files", "{\"filename\": \"a.json\"}");
		put(URI.create(grant.text("upload_url")), json);
		return grant.text("id");
	}

	private static void put(URI url, String json) {
		assertThat(Caller.sendTo(url, "PUT", json).status()).isEqualTo(200);
	}

}
