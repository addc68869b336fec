package dev.stowage.file;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** Purposes as clients write them. */
class PurposeTests {

	@ParameterizedTest
	@FieldSource("dev.stowage.file.Purpose#BUILT_IN")
	void isReadAsItIsWritten(Purpose purpose) {
		assertThat(Purpose.parse(purpose.wireName())).contains(purpose);
		assertThat(Purpose.valueOf(purpose.name())).isEqualTo(purpose);
	}

	@Test
	void isReadFromItsRowEvenIfItIsAFurtherOneThatIsNoLongerAllowed() {
		assertThat(Purpose.valueOf("x:file-extract")).isEqualTo(new Purpose("x:file-extract", "file-extract"));
		assertThat(Purpose.parse("file-extract")).isEmpty();
		assertThatIllegalArgumentException().isThrownBy(() -> Purpose.valueOf("file-extract"));
	}

	@Test
	void belongsToOneOfTheTwoFlowsOrBoth() {
		assertThat(Purpose.OF_MULTIPART).extracting(Purpose::wireName)
			.containsExactly("fine-tune", "assistants", "batch", "user_data", "vision", "evals");
		assertThat(Purpose.OF_PRESIGNED).extracting(Purpose::wireName).containsExactly("context", "batch");
		assertThat(Purpose.OF_SERVICE).containsAll(Purpose.OF_MULTIPART)
			.extracting(Purpose::wireName)
			.contains("assistants_output", "batch_output", "fine-tune-results");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "Batch", "BATCH", "fine_tune", "batch ", "assistants_output", "context" })
	void namesWhatAnUploadThroughUsMayBeFor(String text) {
		assertThatExceptionOfType(FileException.InvalidParameter.class)
			.isThrownBy(() -> Purpose.parse(text, Purpose.OF_MULTIPART))
			.withMessage("'" + text + "' is not one of ['fine-tune', 'assistants', 'batch', 'user_data', 'vision',"
					+ " 'evals'] - 'purpose'")
			.returns("purpose", FileException.InvalidParameter::parameter);
	}

	@Test
	void namesWhatAPresignedUploadMayBeFor() {
		assertThat(Purpose.parse("context", Purpose.OF_PRESIGNED)).isEqualTo(Purpose.CONTEXT);
		assertThatExceptionOfType(FileException.InvalidParameter.class)
			.isThrownBy(() -> Purpose.parse("evals", Purpose.OF_PRESIGNED))
			.withMessage("'evals' is not one of ['context', 'batch'] - 'purpose'");
	}

}
