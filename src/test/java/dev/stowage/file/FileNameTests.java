package dev.stowage.file;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** How the names that clients send are cleaned. */
class FileNameTests {

	@ParameterizedTest
	@CsvSource({ "../../etc/passwd, passwd", "/etc/passwd, passwd", "C:\\Users\\a\\b.txt, b.txt", "a/b\\c.txt, c.txt",
			"a\\b/c.txt, c.txt", "./a, a", "data.jsonl, data.jsonl", "Größe 📦.txt, Größe 📦.txt", "...a, ...a",
			"..., ...", "a b, a b" })
	void keepsWhatFollowsTheLastSlashOfEitherKind(String raw, String kept) {
		assertThat(FileName.of(raw).value()).isEqualTo(kept);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", " \t ", ".", "..", "/", "///", "\\\\", "a/", "../..", "a/..", "\u0000", "\r\n",
			"\u202E", ".\u0000.", "\uD83D", "\u2028" })
	void fallsBackWhereNothingIsLeft(String raw) {
		assertThat(FileName.of(raw)).isEqualTo(FileName.NONE);
		assertThat(FileName.of(raw).value()).isEqualTo("upload");
	}

	@Test
	void dropsControlCharactersAndLineSeparators() {
		assertThat(FileName.of("a\r\nX: y").value()).isEqualTo("aX: y");
		assertThat(FileName.of("a\u0000b\tc\u007Fd\u0085e\u2028f\u2029g").value()).isEqualTo("abcdefg");
	}

	@Test
	void dropsMarksThatTurnTheDirectionOfText() {
		assertThat(FileName.of("invoice\u202Efdp.exe").value()).isEqualTo("invoicefdp.exe");
		for (int mark = 0x202A; mark <= 0x202E; mark++) {
			assertThat(FileName.of("a" + Character.toString(mark) + "b").value()).isEqualTo("ab");
		}
		for (int mark = 0x2066; mark <= 0x2069; mark++) {
			assertThat(FileName.of("a" + Character.toString(mark) + "b").value()).isEqualTo("ab");
		}
	}

	@Test
	void dropsLoneSurrogatesAndKeepsPairs() {
		assertThat(FileName.of("a\uD83Db\uDCE6c\uD83D\uDCE6d").value()).isEqualTo("abc📦d");
	}

	@Test
	void keeps255Characters() {
		String longest = "n".repeat(251) + ".txt";
		assertThat(FileName.of(longest).value()).isEqualTo(longest);
		String emoji = "📦".repeat(251) + ".txt";
		assertThat(FileName.of(emoji).value()).isEqualTo(emoji);
	}

	@Test
	void shortensALongerNameBeforeItsExtension() {
		assertThat(FileName.of("n".repeat(300) + ".jsonl").value()).isEqualTo("n".repeat(249) + ".jsonl");
		assertThat(FileName.of("📦".repeat(300) + ".txt").value()).isEqualTo("📦".repeat(251) + ".txt");
		assertThat(FileName.of("n".repeat(300)).value()).isEqualTo("n".repeat(255));
		assertThat(FileName.of("." + "n".repeat(300)).value()).isEqualTo("." + "n".repeat(254));
		assertThat(FileName.of("a." + "n".repeat(300)).value()).isEqualTo("a." + "n".repeat(253));
	}

	@Test
	void neverLosesAllOfALongExtension() {
		assertThat(FileName.of("n".repeat(300) + ".csv" + "x".repeat(20)).value())
			.isEqualTo("n".repeat(239) + ".csv" + "x".repeat(12));
		assertThat(FileName.of("n".repeat(300) + "." + "📦".repeat(20)).value())
			.isEqualTo("n".repeat(239) + "." + "📦".repeat(15));
		assertThat(FileName.of("n".repeat(254) + "." + "x".repeat(20)).value()).isEqualTo("n".repeat(254) + ".");
		assertThat(FileName.of("n".repeat(255) + ".jsonl").value()).isEqualTo("n".repeat(249) + ".jsonl");
	}

	@Test
	void knowsItsExtension() {
		assertThat(FileName.of("a.jsonl").extension()).isEqualTo(".jsonl");
		assertThat(FileName.of("a.tar.gz").extension()).isEqualTo(".gz");
		assertThat(FileName.of("a").extension()).isEmpty();
		assertThat(FileName.of("dir.d/a").extension()).isEmpty();
	}

	@Test
	void isItsText() {
		assertThat(FileName.of("a.jsonl")).hasToString("a.jsonl");
	}

}
