package dev.stowage.bench;

/**
 * What {@link NullStore} answers: a head, and a number of bytes of content from an
 * offset.
 */
record NullAnswer(String head, long offset, long length) {

	/** Text, or nothing. */
	static NullAnswer of(int status, String body) {
		String length = (status == 204) ? "" : "Content-Length: " + body.length() + "\r\n";
		return new NullAnswer("HTTP/1.1 " + status + " X\r\nETag: " + NullStore.ETAG + "\r\n" + length + "\r\n" + body,
				0, 0);
	}

	/** An object of the given size, or the range of it that is asked for. */
	static NullAnswer content(NullRequest request, long size) {
		String range = request.header("range");
		long first = 0;
		long last = size - 1;
		if (!range.isEmpty()) {
			String[] ends = range.substring("bytes=".length()).split("-", 2);
			first = Long.parseLong(ends[0]);
			last = ends[1].isEmpty() ? last : Math.min(last, Long.parseLong(ends[1]));
		}
		String head = "HTTP/1.1 " + (range.isEmpty() ? 200 : 206) + " X\r\nETag: " + NullStore.ETAG
				+ "\r\nContent-Type: application/octet-stream\r\nContent-Length: " + (last - first + 1) + "\r\n"
				+ (range.isEmpty() ? "" : "Content-Range: bytes " + first + "-" + last + "/" + size + "\r\n") + "\r\n";
		return new NullAnswer(head, first, request.method().equals("HEAD") ? 0 : last - first + 1);
	}

}
