package dev.stowage.bench;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The head of a request to {@link NullStore}.
 *
 * @param method as sent
 * @param target the path, with the query
 * @param headers all of them, as sent
 * @param lowered the same in lower case, to find them by name
 */
record NullRequest(String method, String target, String headers, String lowered) {

	static NullRequest parse(String head) {
		int method = head.indexOf(' ');
		int target = head.indexOf(' ', method + 1);
		String headers = head.substring(head.indexOf('\n'));
		return new NullRequest(head.substring(0, method), head.substring(method + 1, target), headers,
				headers.toLowerCase(Locale.ROOT));
	}

	String path() {
		int end = this.target.indexOf('?');
		return (end < 0) ? this.target : this.target.substring(0, end);
	}

	/** What follows the bucket in the path; empty for the bucket itself. */
	String key() {
		String path = path();
		int start = path.indexOf('/', 1);
		return (start < 0) ? "" : path.substring(start + 1);
	}

	boolean has(String parameter) {
		return this.target.matches(".*[?&]" + parameter + "([=&].*)?");
	}

	/** A parameter's value; empty where there is none. */
	String query(String parameter) {
		int start = Math.max(this.target.indexOf('?' + parameter + '='), this.target.indexOf('&' + parameter + '='));
		if (start < 0) {
			return "";
		}
		start += parameter.length() + 2;
		int end = this.target.indexOf('&', start);
		return URLDecoder.decode(this.target.substring(start, (end < 0) ? this.target.length() : end),
				StandardCharsets.UTF_8);
	}

	/** A header's value; empty where there is none. */
	String header(String name) {
		String line = '\n' + name + ": ";
		int start = this.lowered.indexOf(line);
		return (start < 0) ? ""
				: this.headers.substring(start + line.length(), this.headers.indexOf('\r', start + line.length()));
	}

	long length() {
		String length = header("content-length");
		return length.isEmpty() ? 0 : Long.parseLong(length);
	}

	/** How many bytes of an object of that size are copied. */
	long lengthOfCopy(long size) {
		String range = header("x-amz-copy-source-range");
		if (range.isEmpty()) {
			return size;
		}
		String[] ends = range.substring("bytes=".length()).split("-", 2);
		return Long.parseLong(ends[1]) - Long.parseLong(ends[0]) + 1;
	}

	/** The key to copy from; empty where nothing is copied. */
	String copySource() {
		String source = URLDecoder.decode(header("x-amz-copy-source"), StandardCharsets.UTF_8);
		return source.substring(source.indexOf('/') + 1);
	}

}
