package dev.stowage.multipart;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.apache.commons.fileupload2.core.AbstractFileUpload;
import org.apache.commons.fileupload2.core.DiskFileItem;
import org.apache.commons.fileupload2.core.DiskFileItemFactory;
import org.apache.commons.fileupload2.core.FileItemInput;
import org.apache.commons.fileupload2.core.FileItemInputIterator;
import org.apache.commons.fileupload2.core.RequestContext;

/** Commons FileUpload, an independent parser with which the reader is compared. */
final class FileUploadParser extends AbstractFileUpload<InputStream, DiskFileItem, DiskFileItemFactory> {

	private final String contentType;

	private FileUploadParser(String contentType) {
		this.contentType = contentType;
		setHeaderCharset(StandardCharsets.UTF_8);
		setMaxPartHeaderSize(2 * MultipartReader.MAX_HEADERS_SIZE);
	}

	static List<ReceivedPart> readAll(InputStream body, String contentType) throws IOException {
		List<ReceivedPart> parts = new ArrayList<>();
		FileItemInputIterator items = new FileUploadParser(contentType).getItemIterator(body);
		while (items.hasNext()) {
			FileItemInput item = items.next();
			String content = new String(item.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
			parts.add(new ReceivedPart(item.getFieldName(), Optional.ofNullable(item.getName()), content));
		}
		return parts;
	}

	@Override
	public FileItemInputIterator getItemIterator(InputStream body) throws IOException {
		return getItemIterator(new Request(this.contentType, body));
	}

	@Override
	public Map<String, List<DiskFileItem>> parseParameterMap(InputStream body) {
		throw new UnsupportedOperationException();
	}

	@Override
	public List<DiskFileItem> parseRequest(InputStream body) {
		throw new UnsupportedOperationException();
	}

	private record Request(String contentType, InputStream body) implements RequestContext {

		@Override
		public String getCharacterEncoding() {
			return StandardCharsets.UTF_8.name();
		}

		@Override
		public long getContentLength() {
			return -1;
		}

		@Override
		public String getContentType() {
			return this.contentType;
		}

		@Override
		public InputStream getInputStream() {
			return this.body;
		}

		@Override
		public boolean isMultipartRelated() {
			return false;
		}

	}

}
