package dev.stowage.support;

/**
 * Headers that clients send with a {@code PUT} to a signed URL, and that must not remain
 * with the file. Each is a row for {@code CsvSource}: a name and a value.
 */
public final class ObjectHeaders {

	/** Engines accept them unsigned. */
	public static final String PLAIN = """
			Content-Encoding    | gzip
			Content-Encoding    | br
			Content-Encoding    | deflate
			Content-Encoding    | zstd, gzip
			Content-Encoding    | UTF-8
			Content-Encoding    | aws-chunked
			Content-Encoding    | aws-chunked,gzip
			Content-Type        | text/html
			Content-Type        | application/json; charset=latin1
			Content-Type        | multipart/form-data; boundary=x
			Content-Type        | no type at all
			Content-Language    | de, fr
			Cache-Control       | public, max-age=31536000, immutable
			Expires             | Thu, 01 Dec 2033 16:00:00 GMT
			Expires             | Sat, 01 Jan 2000 00:00:00 GMT
			Content-Disposition | inline; filename="evil.html"
			""";

	/** They are not signed, so most engines refuse them. */
	public static final String AMAZON = """
			x-amz-meta-a        | b
			x-amz-storage-class | STANDARD_IA
			x-amz-tagging       | a=b
			x-amz-website-redirect-location | https://evil.example/
			""";

	private ObjectHeaders() {
	}

}
