package dev.stowage.multipart;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The grammar of a whole body, each char one byte, as regular expressions; only the
 * values of a part's headers are parsed by {@link PartHeaders}.
 */
final class MultipartGrammar {

	private static final Pattern HEADERS = Pattern.compile("\\G(?<block>(?:[^\\n]++(?<=[^\\n]\\r)\\n)*+)\\r\\n");

	private final Pattern delimiter;

	MultipartGrammar(String boundary) {
		this.delimiter = delimiter(boundary);
	}

	static Pattern delimiter(String boundary) {
		return Pattern.compile("\r\n--" + Pattern.quote(boundary) + "(?<close>--)?[ \t]{0," + Delimiter.MAX_PADDING
				+ "}(?:(?<crlf>\r\n)|\n|(?<end>\\z))");
	}

	/**
	 * Reads the parts up to the closing delimiter, or up to where the body is refused.
	 */
	Reading read(String body) {
		List<ReceivedPart> parts = new ArrayList<>();
		String text = "\r\n" + body;
		Matcher matcher = this.delimiter.matcher(text);
		PartHeaders headers = null;
		int data = 0;
		int search = 0;
		while (matcher.find(search)) {
			boolean close = matcher.group("close") != null;
			if (matcher.group("crlf") == null && !(close && matcher.group("end") != null)) {
				return new Reading(parts, false);
			}
			if (headers != null) {
				String content = text.substring(data, Math.max(data, matcher.start()));
				parts.add(new ReceivedPart(headers.name(), headers.fileName(), content));
			}
			else if (matcher.start() > MultipartReader.MAX_PREAMBLE_SIZE + 2) {
				return new Reading(parts, false);
			}
			if (close) {
				return new Reading(parts, true);
			}
			Matcher block = HEADERS.matcher(text);
			if (parts.size() == MultipartReader.MAX_PARTS || !block.find(matcher.end())
					|| block.group("block").length() > MultipartReader.MAX_HEADERS_SIZE) {
				return new Reading(parts, false);
			}
			try {
				headers = PartHeaders.parse(block.group("block").getBytes(StandardCharsets.ISO_8859_1));
			}
			catch (MalformedMultipartException ex) {
				return new Reading(parts, false);
			}
			data = block.end();
			search = data - 2;
		}
		return new Reading(parts, false);
	}

	/** The complete parts of a body, and whether it was read to its end. */
	record Reading(List<ReceivedPart> parts, boolean accepted) {

	}

}
