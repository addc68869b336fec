package dev.stowage.multipart;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PartHeadersTests {

	private static final String NAMED = "Content-Disposition: form-data; name=\"file\"; ";

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "-", textBlock = """
			filename="a.txt"                                     | a.txt
			filename=a.txt                                       | a.txt
			FileName = "a.txt" ;                                 | a.txt
			filename=""                                          | ``
			filename="a;b=c; name=d.txt"                         | a;b=c; name=d.txt
			filename="a\\"b\\\\c\\d.txt"                         | a"b\\c\\d.txt
			filename="C:\\dir\\a.txt"                            | C:\\dir\\a.txt
			filename="%22q%22 100%25 %2f %2"                     | "q" 100%25 %2f %2
			filename="naïve 日本😀.txt"                          | naïve 日本😀.txt
			filename="../../etc/passwd"                          | ../../etc/passwd
			filename=my file[1].txt                              | my file[1].txt
			filename=a.txt; filename*=UTF-8''na%C3%AFve.txt      | naïve.txt
			filename*=utf-8'en'%e2%82%ac%20rates; filename=a.txt | € rates
			filename*=ISO-8859-1''na%EFve.txt; filename=a.txt    | naïve.txt
			filename*=UTF-8''%2522; filename=a.txt               | %22
			filename*=UTF-8''bare.txt                            | bare.txt
			filename*=UTF-8''a(1).txt                            | a(1).txt
			filename*=UTF-8''it's.txt                            | it's.txt
			filename*=UTF-8''%C3; filename=a.txt                 | a.txt
			filename*=UTF-8''%zz; filename=a.txt                 | a.txt
			filename*=UTF-8''%4; filename=a.txt                  | a.txt
			filename*=UTF-8''a b; filename=a.txt                 | a.txt
			filename*=UTF-8''ï; filename=a.txt                   | a.txt
			filename*=KOI8-R''%C1; filename=a.txt                | а
			filename*=nowhere''b; filename=a.txt                 | a.txt
			filename*=''b%C3%A9; filename=a.txt                  | bé
			filename*=a.b; filename=a.txt                        | a.txt
			filename*=UTF-8''%zz                                 | UTF-8''%zz
			filename*0*=UTF-8''%zz; filename*1=b                 | UTF-8''%zzb
			filename*0*=UTF-8''%zz; filename*1=b; filename=a.txt | a.txt
			filename*0*=no-quotes; filename=a.txt                | a.txt
			x=y                                                  | -
			filename*0="a"; filename*1=".csv"                    | a.csv
			filename*1=".csv"; filename*0="a"                    | a.csv
			filename*0="a"; filename*2=".csv"                    | a
			filename*1="a"; filename*2=".csv"                    | -
			filename*1="a"; filename="b"                         | b
			filename*00="a"; filename="b"                        | b
			filename*01="x"; filename*0="a"                      | a
			filename*0=a; filename*1=b; filename=c; filename*=UTF-8''d | d
			filename*0=a; filename*1=b; filename=c               | ab
			filename*0*=UTF-8''%C3; filename*1*=%A9; filename*2="%C3é'" | é%C3é'
			filename*0*=iso-8859-1'fr'%E9; filename*1*=%E8       | éè
			filename*0=a; filename*1*=%C3%A9                     | aé
			filename*0*=UTF-8''%C3; filename*1="b"; filename=a.txt | a.txt
			FILENAME*0*=utf-8''a; FileName*1*="%20b"             | a b
			filename*0="a%22"; filename*1="b"                    | a"b
			filename*0="=?utf-8?Q?a"; filename*1="=2Ecsv?="      | a.csv
			filename*0=0; filename*1=1; filename*2=2; filename*3=3; filename*4=4; filename*5=5; filename*6=6; \
			filename*7=7; filename*8=8; filename*9=9; filename*10=x | 0123456789x
			filename="=?utf-8?Q?a=22%22?="                       | a""
			filename*=UTF-8''%3D%3Futf-8%3FQ%3Fa%3F%3D           | =?utf-8?Q?a?=
			""")
	void decodesFileName(String parameters, String fileName) throws IOException {
		PartHeaders headers = parse(NAMED + parameters + "\r\n");
		assertThat(headers)
			.isEqualTo(new PartHeaders("file", Optional.ofNullable(fileName), Optional.empty(), Map.of()));
	}

	@Test
	void decodesLineEndsInNames() throws IOException {
		PartHeaders headers = parse("Content-Disposition: form-data; name=\"a%0D%0a\"; filename=\"b%0d%0A\"\r\n");
		assertThat(headers).isEqualTo(new PartHeaders("a\r\n", Optional.of("b\r\n"), Optional.empty(), Map.of()));
	}

	@ParameterizedTest
	@ValueSource(strings = { "Content-Disposition: form-data; name=file\r\n",
			"content-disposition:form-data;name=\"file\"\r\n", "CONTENT-DISPOSITION:\tFORM-DATA ; NAME = \"file\" \r\n",
			"Content-Disposition: form-data;\r\n name=\"file\"\r\n",
			"Content-Disposition:\r\n\tform-data;\r\n\tname=file\r\n",
			"Content-Disposition: form-data; name=\"file\"\r\nContent-Length: 3\r\nX-Any:\r\n",
			"Content-Transfer-Encoding: Binary\r\nContent-Disposition: form-data; name=\"file\"\r\n",
			"Content-Transfer-Encoding: 7bit\r\nContent-Disposition: form-data; name=\"file\"\r\n",
			"Content-Transfer-Encoding: 8BIT \r\nContent-Disposition: form-data; name=\"file\"\r\n" })
	void readsName(String block) throws IOException {
		PartHeaders headers = parse(block);
		assertThat(headers).isEqualTo(new PartHeaders("file", Optional.empty(), Optional.empty(), headers.others()));
	}

	@Test
	void keepsTheValuesOfOtherHeadersInTheirOrder() throws IOException {
		PartHeaders headers = parse(NAMED + "\r\nX-Any: a, b\r\nContent-Length: 3\r\nx-ANY:\r\nX-Any: c\r\n d \r\n");
		assertThat(headers.others()).containsOnly(Map.entry("x-any", List.of("a, b", "", "c d")),
				Map.entry("content-length", List.of("3")));
	}

	@Test
	void readsContentTypeAsItIsGiven() throws IOException {
		assertThat(parse(NAMED + "\r\ncontent-type:  text/csv; charset=utf-8 \r\n").contentType())
			.contains("text/csv; charset=utf-8");
	}

	@Test
	void keepsEmptyName() throws IOException {
		assertThat(parse("Content-Disposition: form-data; name=\"\"\r\n").name()).isEmpty();
	}

	@Test
	void replacesMalformedUtf8() throws IOException {
		byte[] block = (NAMED + "filename=\"a\u00ffb\"\r\n").getBytes(StandardCharsets.ISO_8859_1);
		assertThat(PartHeaders.parse(block).fileName()).contains("a\ufffdb");
	}

	@Test
	void readsAsManyPiecesOfANameAsTheHeadersMayHold() throws IOException {
		StringBuilder pieces = new StringBuilder();
		for (int i = 499; i >= 0; i--) {
			pieces.append("filename*").append(i).append("=a;");
		}
		assertThat(parse(NAMED + pieces + "\r\n").fileName()).contains("a".repeat(500));
	}

	/** Decoding adds nothing to a name, whichever notations are mixed. */
	@Test
	void decodesNoNameToMoreThanItsHeader() throws IOException {
		String[] pieces = { "filename", "filename*", "filename*0", "filename*0*", "filename*1", "filename*1*",
				"filename*2", "filename*2*", "=", "=", "=", ";", ";", "; ", "\"", "UTF-8''", "iso-8859-1'en'", "gbk''",
				"'", "%C3", "%A9", "%", "%2E", ".csv", "a", "=?utf-8?Q?", "?=", "=?gb18030?B?", "%22", "\\", "é" };
		Random random = new Random(2231);
		int named = 0;
		for (int round = 0; round < 50_000; round++) {
			StringBuilder header = new StringBuilder("filename*");
			for (int count = random.nextInt(20); count >= 0; count--) {
				header.append(pieces[random.nextInt(pieces.length)]);
			}
			try {
				Optional<String> name = parse(NAMED + header + "\r\n").fileName();
				named += name.isPresent() ? 1 : 0;
				assertThat(name.orElse("").length()).as(header.toString()).isLessThanOrEqualTo(header.length());
			}
			catch (MalformedMultipartException ex) {
				assertThat(ex).hasMessageContaining("Content-Disposition");
			}
		}
		assertThat(named).isGreaterThan(1_000);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "X-Any: y\r\n", "Content-Disposition: form-data\r\n",
			"Content-Disposition: form-data; filename=a\r\n", "Content-Disposition: attachment; name=\"a\"\r\n",
			"Content-Disposition: form-datax; name=\"a\"\r\n", "Content-Disposition: form-data; name\r\n",
			"Content-Disposition: form-data; name=\r\n", "Content-Disposition: form-data; name=;x=y\r\n",
			"Content-Disposition: form-data; name=\"a\r\n", "Content-Disposition: form-data; name=\"a\\\r\n",
			"Content-Disposition: form-data; name=\"a\"b\r\n", "Content-Disposition: form-data; name=a\"b\r\n",
			"Content-Disposition: form-data; name=a; name=a\r\n", "Content-Disposition: form-data; =a; name=a\r\n",
			"Content-Disposition: form-data; name=a; filename=\"x\"y\"\r\n",
			"Content-Disposition: form-data; name=a\r\nContent-Disposition: form-data; name=a\r\n" })
	void refusesDispositionThatNamesNoField(String block) {
		assertThatThrownBy(() -> parse(block)).isInstanceOf(MalformedMultipartException.class)
			.hasMessageContaining("Content-Disposition");
	}

	@ParameterizedTest
	@ValueSource(strings = { "nonsense\r\n", ": value\r\n", "X Y: value\r\n", "X : value\r\n", " X: value\r\n",
			"X: a\rb\r\n", "X: a\nY: b\r\n", "\u00e4: value\r\n" })
	void refusesLineThatIsNoHeader(String block) {
		assertThatThrownBy(() -> parse(block + NAMED + "\r\n")).isInstanceOf(MalformedMultipartException.class)
			.hasMessageContaining("not a header");
	}

	@ParameterizedTest
	@ValueSource(strings = { "base64", "quoted-printable", "gzip", "", "binary; x=y" })
	void refusesTransferEncodingThatChangesBytes(String encoding) {
		assertThatThrownBy(() -> parse(NAMED + "\r\nContent-Transfer-Encoding: " + encoding + "\r\n"))
			.isInstanceOf(MalformedMultipartException.class)
			.hasMessageContaining("Content-Transfer-Encoding '" + encoding + "'");
	}

	private static PartHeaders parse(String block) throws IOException {
		return PartHeaders.parse(block.getBytes(StandardCharsets.UTF_8));
	}

}
