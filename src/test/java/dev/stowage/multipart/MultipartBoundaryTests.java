package dev.stowage.multipart;

import java.io.IOException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class MultipartBoundaryTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			multipart/form-data; boundary=abc                            | abc
			multipart/form-data;boundary=abc;                            | abc
			multipart/form-data; BOUNDARY="abc"                          | abc
			multipart/form-data ; charset=utf-8 ; Boundary = abc ; x="y" | abc
			multipart/form-data; x="a;boundary=no\\""; boundary=yes      | yes
			multipart/form-data; boundary="_=a;b"                        |
			multipart/form-data; boundary="a b'()+_,-./:=?"              | a b'()+_,-./:=?
			multipart/form-data; boundary="a\\b\\-c"                     | ab-c
			multipart/form-data; boundary=--=_next                       | --=_next
			multipart/form-data; boundary=a b                            | a b
			multipart/form-data; boundary====165===                      | ===165===
			multipart/form-data; boundary=(a/b:c?d,e)='+_.-              | (a/b:c?d,e)='+_.-
			multipart/form-data; charset=; boundary=a                    | a
			multipart/form-data; charset; boundary=a; charset            | a
			multipart/form-data; charset=a; charset=b; boundary=a        | a
			multipart/form-data; x="y"z; boundary=a                      | a
			multipart/form-data; x=y"z; boundary=a                       | a
			multipart/form-data; =; boundary=a                           | a
			multipart/form-data; boundary=a; x="                         | a
			multipart/form-data; x="; boundary=a                         |
			""")
	void takesBoundaryFromContentType(String contentType, String boundary) throws IOException {
		if (boundary != null) {
			assertThat(MultipartReader.boundary(contentType)).isEqualTo(boundary);
		}
		else {
			assertThatThrownBy(() -> MultipartReader.boundary(contentType))
				.isInstanceOf(MalformedMultipartException.class);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "multipart/form-data", "multipart/form-data; boundary",
			"multipart/form-data; boundary=", "multipart/form-data; boundary=\"\"",
			"multipart/form-data; boundary=\"abc", "multipart/form-data; boundary=\"abc\\\"",
			"multipart/form-data; boundary=\"a \"", "multipart/form-data; boundary=a*b",
			"multipart/form-data; boundary=a\u00e4", "multipart/form-data; boundary=a\\b",
			"multipart/form-data; boundary=a; boundary=a", "multipart/form-data; boundary=\"a\"b" })
	void refusesContentTypeWithoutValidBoundary(String contentType) {
		assertThatThrownBy(() -> MultipartReader.boundary(contentType)).isInstanceOf(MalformedMultipartException.class)
			.hasMessageStartingWith("The Content-Type header");
	}

	@ParameterizedTest
	@ValueSource(strings = { "\"----=_Part_0_17.42\"", "----=_Part_0_17.42", "\"=_\"", "=_", "\"_=\"", "\"==_=_ =\"",
			"\"a b'()+_,-./:=?\"", "\"\\=\\_\"" })
	void readsBodyByTheBoundaryThatItsContentTypeNames(String parameter) throws IOException {
		String line = "--" + parameter.replace("\"", "").replace("\\", "");
		String form = line + "\r\nContent-Disposition: form-data; name=a\r\n\r\n" + line + "_\r\n" + line + "=\r\n"
				+ line + "--";
		String boundary = MultipartReader.boundary("multipart/form-data; boundary=" + parameter);
		assertThat(ReceivedPart.readAll(SplitInputStream.byteByByte(form), boundary)).extracting(ReceivedPart::content)
			.containsExactly(line + "_\r\n" + line + "=");
	}

	@Test
	void refusesMissingContentType() {
		assertThatThrownBy(() -> MultipartReader.boundary(null)).isInstanceOf(MalformedMultipartException.class)
			.hasMessageContaining("multipart/form-data; boundary=");
	}

	@Test
	void refusesBoundaryOneCharacterOverItsLimit() throws IOException {
		String longest = "-".repeat(70);
		assertThat(MultipartReader.boundary("multipart/form-data; boundary=" + longest)).isEqualTo(longest);
		assertThatThrownBy(() -> MultipartReader.boundary("multipart/form-data; boundary=-" + longest))
			.isInstanceOf(MalformedMultipartException.class)
			.hasMessageContaining("1 to 70");
	}

}
