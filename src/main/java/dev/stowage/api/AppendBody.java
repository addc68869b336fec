package dev.stowage.api;

import java.io.IOException;
import java.io.InputStream;

import dev.stowage.http.overload.ClientBody;
import dev.stowage.upload.ClientBytes;
import jakarta.servlet.http.HttpServletRequest;

/**
 * The body of a request, all of which is appended to an upload.
 *
 * @param body the body
 * @param length its Content-Length; negative when the client did not say
 */
public record AppendBody(ClientBody body, long length) implements ClientBytes {

	public static AppendBody of(HttpServletRequest request) throws IOException {
		return new AppendBody(ClientBody.of(request).asUpload(), request.getContentLengthLong());
	}

	/** Whether the body is compared with a digest when it has been read. */
	public boolean isChecked() {
		return this.body.isReadThrough();
	}

	@Override
	public InputStream bytes() {
		return this.body;
	}

	@Override
	public void cancel() {
		this.body.end().run();
	}

	@Override
	public long atMost() {
		return (this.length < 0) ? Long.MAX_VALUE : this.length;
	}

}
