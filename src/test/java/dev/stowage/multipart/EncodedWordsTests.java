package dev.stowage.multipart;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The words that mail programs write names in (RFC 2047). */
class EncodedWordsTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			=?utf-8?Q?caf=C3=A9.jsonl?=                     | café.jsonl
			=?UTF-8?q?a_b=5fc?=                             | a b_c
			=?utf-8?B?Y2Fmw6k=?=                            | café
			=?utf-8?b?Y2Fmw6k?=                             | café
			=?utf8?Q?=c3=a9?=                               | é
			=?us-ascii?Q?a?=                                | a
			=?iso-8859-1?Q?=E9=a4?=                         | é¤
			=?ISO-8859-15?Q?=A4?=                           | €
			=?windows-1252?Q?=80?=                          | €
			=?koi8-r?B?xsHKzA==?=                           | файл
			=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=              | 日本
			=?shift_jis?B?k/qWew==?=                        | 日本
			=?gb18030?B?yNWxvg==?=                          | 日本
			=?utf-8*en?Q?a?=                                | a
			=?utf-8?Q??=                                    | ``
			a=?utf-8?Q?b?=c                                 | abc
			=?utf-8?Q?a?= =?utf-8?Q?b?=                     | ab
			=?utf-8?Q?a?=   =?utf-8?B?Yg==?=                | ab
			=?utf-8?Q?a?==?utf-8?Q?b?=                      | ab
			=?utf-8?Q?a?= - =?utf-8?Q?b?=                   | a - b
			=?utf-8?Q?a?= =?iso-8859-1?Q?=E9?=              | aé
			=?utf-8?Q?=C3?= =?utf-8?Q?=A9?=                 | é
			=?utf-8?B?5pel5g==?= =?utf-8?B?nKw=?=           | 日本
			x =?utf-8?Q?a?= y                               | x a y
			=?utf-8?Q?=3D=3Futf-8=3FQ=3Fa=3F=3D?=           | =?utf-8?Q?a?=
			""")
	void areDecoded(String text, String decoded) {
		assertThat(EncodedWords.decode(text)).isEqualTo(decoded);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a.txt", "=?utf-8?Q?a=FF?=", "=?utf-8?Q?a=?=", "=?utf-8?Q?a=Z1?=", "=?utf-8?Q?a=2?=",
			"=?utf-8?B?a*?=", "=?utf-8?B?a?=", "=?utf-8?Q?a b?=", "=?utf-8?Q?\u00e9?=", "=?utf-8?X?a?=",
			"=?nowhere?Q?a?=", "=?utf-7?Q?a?=", "=?x-compound-text?Q?a?=", "=?iso-8859-19?Q?a?=", "=??Q?a?=",
			"=?utf-8?Q?a", "=?utf-8?Q?a?", "=?utf-8?Qa?=", "=?utf-8 ?Q?a?=", "=??=", "?=", "=?=?=?=?",
			"=?utf-8?Q?=FF?=?= =?utf-8?Q?" })
	void stayAsTheyAreWhereTheyAreMalformed(String text) {
		assertThat(EncodedWords.decode(text)).isEqualTo(text);
	}

	@Test
	void areDecodedBesideMalformedOnes() {
		assertThat(EncodedWords.decode("=?utf-8?Q?a?= =?utf-8?Q?=FF?= =?utf-8?Q?b?=")).isEqualTo("a=?utf-8?Q?=FF?=b");
		assertThat(EncodedWords.decode("=?utf-8?Q?a?= =?x?Q?c?= =?utf-8?Q?b?=")).isEqualTo("a =?x?Q?c?= b");
	}

	/** Text of every kind is encoded as words of every length, and comes back. */
	@Test
	void comeBackAsTheyWere() {
		Random random = new Random(47);
		for (int round = 0; round < 2_000; round++) {
			String text = random.ints(random.nextInt(60), 0x20, 0x3000)
				.collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
				.toString();
			byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
			StringBuilder words = new StringBuilder();
			for (int at = 0; at < bytes.length;) {
				int end = Math.min(bytes.length, at + 1 + random.nextInt(20));
				words.append(word(bytes, at, end, random.nextBoolean())).append(" ".repeat(random.nextInt(3)));
				at = end;
			}
			assertThat(EncodedWords.decode(words.toString().strip())).isEqualTo(text);
		}
	}

	private static String word(byte[] bytes, int from, int to, boolean base64) {
		if (base64) {
			byte[] part = Arrays.copyOfRange(bytes, from, to);
			return "=?utf-8?B?" + Base64.getEncoder().encodeToString(part) + "?=";
		}
		StringBuilder word = new StringBuilder("=?UTF-8?Q?");
		for (int i = from; i < to; i++) {
			word.append("=%02X".formatted(bytes[i]));
		}
		return word.append("?=").toString();
	}

	/** Whatever the text, it becomes no longer. */
	@Test
	void areNeverLongerThanTheirText() {
		String[] pieces = { "=?", "?=", "?", "=", "utf-8", "iso-2022-jp", "gb18030", "big5", "Q", "B", "=C3", "=A9",
				"_", " ", "YS5jc3Y=", "*en", "=1B", "$B", "a", "\u00e9", "=?utf-8?Q?", "=?gb18030?B?" };
		Random random = new Random(2047);
		for (int round = 0; round < 20_000; round++) {
			StringBuilder text = new StringBuilder();
			for (int count = random.nextInt(20); count >= 0; count--) {
				text.append(pieces[random.nextInt(pieces.length)]);
			}
			assertThat(EncodedWords.decode(text.toString()).length()).as(text.toString())
				.isLessThanOrEqualTo(text.length());
		}
	}

	/**
	 * At a cost that grows with the square of the length, a million characters would take
	 * hours.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "=?", "=?a", "=?utf-8?", "=?utf-8?Q?", "=?utf-8?Q?a", "=?utf-8?Q?a?= ", "=?nowhere?Q?a?= ",
			"=?utf-8?Q?=FF?= ", "?", "=", " ", "=?iso-8859-1?B?", "=?gbk?Q?a?==?big5?Q?a?=" })
	void areReadInATimeThatGrowsWithTheirLength(String piece) {
		String text = "=?utf-8?Q?a" + piece.repeat(1_000_000 / piece.length());
		assertThat(EncodedWords.decode(text).length()).isLessThanOrEqualTo(text.length());
	}

}
