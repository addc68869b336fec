package dev.stowage.storage;

/** What a request asks of an S3 engine, told by its head. */
enum S3Call {

	CREATE_UPLOAD, UPLOAD_PART, COMPLETE_UPLOAD, ABORT_UPLOAD, PUT_OBJECT, GET_OBJECT, OTHER;

	static S3Call of(String head) {
		String request = head.substring(0, head.indexOf("\r\n"));
		boolean ofUpload = request.contains("uploadId=");
		return switch (request.substring(0, request.indexOf(' '))) {
			case "POST" -> ofUpload ? COMPLETE_UPLOAD : CREATE_UPLOAD;
			case "PUT" -> ofUpload ? UPLOAD_PART : PUT_OBJECT;
			case "DELETE" -> ofUpload ? ABORT_UPLOAD : OTHER;
			case "GET" -> request.contains("?") ? OTHER : GET_OBJECT;
			default -> OTHER;
		};
	}

}
