package dev.stowage.storage.s3;

import java.util.Locale;

/** What a request asks of an S3 engine, judged by its head. */
public enum S3Call {

	CREATE_UPLOAD, UPLOAD_PART, COPY_PART, COMPLETE_UPLOAD, ABORT_UPLOAD, LIST_UPLOADS, PUT_OBJECT, GET_OBJECT,
	HEAD_OBJECT, COPY_OBJECT, DELETE_OBJECT, DELETE_OBJECTS, LIST_OBJECTS, OTHER;

	private static boolean copies(String head) {
		return head.toLowerCase(Locale.ROOT).contains("\r\nx-amz-copy-source:");
	}

	static S3Call of(String head) {
		String request = head.substring(0, head.indexOf("\r\n"));
		boolean ofUpload = request.contains("uploadId=");
		return switch (request.substring(0, request.indexOf(' '))) {
			case "POST" ->
				request.matches(".*[?&]delete[= &].*") ? DELETE_OBJECTS : ofUpload ? COMPLETE_UPLOAD : CREATE_UPLOAD;
			case "PUT" -> copies(head) ? (ofUpload ? COPY_PART : COPY_OBJECT) : ofUpload ? UPLOAD_PART : PUT_OBJECT;
			case "DELETE" -> ofUpload ? ABORT_UPLOAD : DELETE_OBJECT;
			case "GET" -> !request.contains("?") ? GET_OBJECT : request.matches(".*[?&]uploads[= &].*") ? LIST_UPLOADS
					: request.contains("list-type=2") ? LIST_OBJECTS : OTHER;
			// the path of the bucket itself is only its name
			case "HEAD" -> request.matches("HEAD /[^/]+/.+ HTTP.*") ? HEAD_OBJECT : OTHER;
			default -> OTHER;
		};
	}

}
