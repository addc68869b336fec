package dev.stowage.upload;

import java.util.Optional;

import dev.stowage.file.FileException;
import dev.stowage.file.FileName;
import dev.stowage.file.Purpose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Which names and sizes go with which purpose. */
class NewFileTests {

	private static final long MAX_BATCH = 209_715_200;

	@ParameterizedTest
	@ValueSource(strings = { "a.jsonl", "a", "a.b.jsonl", ".jsonl", "A.JSONL", "a.JsonL" })
	void acceptsLinesOrNoExtensionForBatchAndFineTuning(String name) {
		assertThat(newFile(name, Purpose.BATCH).name().value()).isEqualTo(name);
		assertThat(newFile(name, Purpose.FINE_TUNE).name().value()).isEqualTo(name);
	}

	@ParameterizedTest
	@ValueSource(strings = { "a.json", "a.jsonl.gz", "a.txt", "a.", "a.jsonl ", "a.JSON", "a.j\u017Fonl" })
	void refusesOtherExtensionsForBatchAndFineTuning(String name) {
		assertThatExceptionOfType(FileException.InvalidParameter.class).isThrownBy(() -> newFile(name, Purpose.BATCH))
			.withMessage("Invalid file format for Batch API. Must be .jsonl")
			.returns("file", FileException.InvalidParameter::parameter);
		assertThatExceptionOfType(FileException.InvalidParameter.class)
			.isThrownBy(() -> newFile(name, Purpose.FINE_TUNE))
			.withMessage("Invalid file format for Fine-Tuning API. Must be .jsonl")
			.returns("file", FileException.InvalidParameter::parameter);
	}

	@ParameterizedTest
	@ValueSource(strings = { "ASSISTANTS", "USER_DATA", "VISION", "EVALS", "CONTEXT", "ASSISTANTS_OUTPUT",
			"BATCH_OUTPUT", "FINE_TUNE_RESULTS", "x:ocr" })
	void acceptsAnyExtensionAndSizeForOtherPurposes(Purpose purpose) {
		NewFile file = newFile("a.exe", purpose);
		assertThatCode(() -> file.requireSize(MAX_BATCH + 1)).doesNotThrowAnyException();
		assertThat(NewFile.limit(Optional.of(purpose), MAX_BATCH + 1)).isEqualTo(MAX_BATCH + 1);
	}

	@Test
	void limitsBatchesTo200Mebibytes() {
		NewFile batch = newFile("a.jsonl", Purpose.BATCH);
		assertThatCode(() -> batch.requireSize(MAX_BATCH)).doesNotThrowAnyException();
		assertThatExceptionOfType(FileException.TooLarge.class).isThrownBy(() -> batch.requireSize(MAX_BATCH + 1));
		assertThat(NewFile.limit(Optional.of(Purpose.BATCH), MAX_BATCH + 1)).isEqualTo(MAX_BATCH);
		assertThat(NewFile.limit(Optional.of(Purpose.BATCH), 10)).isEqualTo(10);
		assertThat(NewFile.limit(Optional.empty(), MAX_BATCH + 1)).isEqualTo(MAX_BATCH + 1);
	}

	private static NewFile newFile(String name, Purpose purpose) {
		return new NewFile(new FileName(name), "text/plain", purpose, Optional.empty());
	}

}
