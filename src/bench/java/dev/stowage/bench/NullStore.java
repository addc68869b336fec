package dev.stowage.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An S3 look-alike that accepts all and keeps only sizes, as cheaply as possible, in a
 * separate process. The cost of a server in front of it is therefore the server's own. It
 * checks no signature and counts what it is asked for.
 */
final class NullStore {

	private static final String IDENTITY = "files/identity";

	private static final String PROBE = "/probe-";

	/** Few and small objects: the identity, and those of the probe at the start. */
	private final Map<String, String> kept = new ConcurrentHashMap<>();

	/** Where a GET shows the counts. */
	static final String COUNTS = "/-/counts";

	private static final Pattern KEY = Pattern.compile("<Key>(.*?)</Key>");

	static final String ETAG = "\"00000000000000000000000000000000\"";

	private final Map<String, Long> objects = new ConcurrentHashMap<>();

	private final Map<String, Upload> uploads = new ConcurrentHashMap<>();

	private final LongAdder requests = new LongAdder();

	private final LongAdder puts = new LongAdder();

	private final AtomicLong begun = new AtomicLong();

	private final LongAdder completed = new LongAdder();

	private final LongAdder aborted = new LongAdder();

	private final LongAdder copied = new LongAdder();

	private final LongAdder received = new LongAdder();

	private final LongAdder sent = new LongAdder();

	private final int delay;

	private final boolean deletesMany;

	private NullStore(int delay, boolean deletesMany) {
		this.delay = delay;
		this.deletesMany = deletesMany;
	}

	/**
	 * Listens until it is killed: on the loopback port given, with a number of
	 * milliseconds for each call, and deleting more than one object a call or not.
	 */
	public static void main(String[] arguments) throws IOException {
		NullStore store = new NullStore(Integer.parseInt(arguments[1]), Boolean.parseBoolean(arguments[2]));
		InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(),
				Integer.parseInt(arguments[0]));
		try (ServerSocketChannel server = ServerSocketChannel.open().bind(address, 1024)) {
			while (true) {
				new Thread(new NullConnection(server.accept(), store)).start();
			}
		}
	}

	/** A multipart upload that is neither completed nor aborted. */
	private record Upload(String key, LongAdder size) {
	}

	/** Objects that are not forgotten, and whose calls do not count. */
	private static boolean isKept(NullRequest request) {
		return request.key().equals(IDENTITY) || request.key().contains(PROBE);
	}

	/** Whether the bytes of a request matter. */
	static boolean needsBody(NullRequest request) {
		return request.has("delete") || (request.method().equals("PUT") && isKept(request));
	}

	/**
	 * Refuses like a safe engine: requests without a key, and headers that a URL's
	 * signature does not cover.
	 */
	private static boolean isRefused(NullRequest request) {
		if (request.has("X-Amz-Signature")) {
			return Stream.of("x-amz-copy-source", "x-amz-acl", "x-amz-grant-read")
				.anyMatch((header) -> !request.header(header).isEmpty());
		}
		return request.header("authorization").isEmpty();
	}

	private NullAnswer answerKept(NullRequest request, String body) {
		return switch (request.method()) {
			case "PUT" -> {
				this.kept.put(request.key(), body);
				yield NullAnswer.of(200, "");
			}
			case "DELETE" -> {
				this.kept.remove(request.key());
				yield NullAnswer.of(204, "");
			}
			case "HEAD" -> {
				String content = this.kept.get(request.key());
				yield (content != null) ? NullAnswer.content(request, content.length()) : NullAnswer.of(404, "");
			}
			default -> {
				String content = this.kept.get(request.key());
				yield (content != null) ? NullAnswer.of(200, content)
						: NullAnswer.of(404, "<Error><Code>NoSuchKey</Code></Error>");
			}
		};
	}

	NullAnswer answer(NullRequest request, String body) throws InterruptedException {
		if (request.path().equals(COUNTS)) {
			return NullAnswer.of(200, counts());
		}
		if (isRefused(request)) {
			return NullAnswer.of(403, "<Error><Code>AccessDenied</Code></Error>");
		}
		if (isKept(request)) {
			return answerKept(request, body);
		}
		this.requests.increment();
		if (this.delay > 0) {
			Thread.sleep(this.delay);
		}
		if (request.has("delete")) {
			return deleteAll(body);
		}
		String key = request.key();
		String id = request.query("uploadId");
		if (!id.isEmpty()) {
			Upload upload = this.uploads.get(id);
			return (upload != null) ? answer(request, id, upload)
					: NullAnswer.of(404, "<Error><Code>NoSuchUpload</Code></Error>");
		}
		return switch (request.method()) {
			case "PUT" -> put(key, request);
			case "POST" -> begin(key);
			case "DELETE" -> {
				this.objects.remove(key);
				yield NullAnswer.of(204, "");
			}
			case "HEAD", "GET" -> get(key, request);
			default -> NullAnswer.of(405, "");
		};
	}

	private NullAnswer deleteAll(String body) {
		if (!this.deletesMany) {
			return NullAnswer.of(501, "<Error><Code>NotImplemented</Code></Error>");
		}
		StringBuilder result = new StringBuilder("<DeleteResult>");
		KEY.matcher(body).results().forEach((key) -> {
			this.objects.remove(key.group(1));
			result.append("<Deleted><Key>").append(key.group(1)).append("</Key></Deleted>");
		});
		return NullAnswer.of(200, result.append("</DeleteResult>").toString());
	}

	private NullAnswer answer(NullRequest request, String id, Upload upload) {
		return switch (request.method()) {
			case "PUT" -> part(request, upload);
			case "POST" -> {
				this.uploads.remove(id);
				this.objects.put(upload.key(), upload.size().sum());
				this.completed.increment();
				yield NullAnswer.of(200,
						"<CompleteMultipartUploadResult><ETag>" + ETAG + "</ETag></CompleteMultipartUploadResult>");
			}
			default -> {
				this.uploads.remove(id);
				this.aborted.increment();
				yield NullAnswer.of(204, "");
			}
		};
	}

	private NullAnswer part(NullRequest request, Upload upload) {
		String source = request.copySource();
		if (source.isEmpty()) {
			upload.size().add(request.length());
			this.received.add(request.length());
			return NullAnswer.of(200, "");
		}
		Long size = this.objects.get(source);
		if (size == null) {
			return NullAnswer.of(404, "<Error><Code>NoSuchKey</Code></Error>");
		}
		upload.size().add(request.lengthOfCopy(size));
		this.copied.increment();
		return NullAnswer.of(200, "<CopyPartResult><ETag>" + ETAG + "</ETag></CopyPartResult>");
	}

	private NullAnswer put(String key, NullRequest request) {
		String source = request.copySource();
		if (!source.isEmpty()) {
			Long size = this.objects.get(source);
			if (size == null) {
				return NullAnswer.of(404, "<Error><Code>NoSuchKey</Code></Error>");
			}
			this.objects.put(key, size);
			this.copied.increment();
			return NullAnswer.of(200, "<CopyObjectResult><ETag>" + ETAG + "</ETag></CopyObjectResult>");
		}
		this.objects.put(key, request.length());
		this.received.add(request.length());
		this.puts.increment();
		return NullAnswer.of(200, "");
	}

	private NullAnswer begin(String key) {
		String id = "upload-" + this.begun.incrementAndGet();
		this.uploads.put(id, new Upload(key, new LongAdder()));
		return NullAnswer.of(200,
				"<InitiateMultipartUploadResult><UploadId>" + id + "</UploadId></InitiateMultipartUploadResult>");
	}

	private NullAnswer get(String key, NullRequest request) {
		if (request.has("uploads")) {
			return NullAnswer.of(200, list(request.query("prefix")));
		}
		if (key.isEmpty()) {
			return NullAnswer.of(200, "");
		}
		Long size = this.objects.get(key);
		if (size == null) {
			return NullAnswer.of(404, request.method().equals("HEAD") ? "" : "<Error><Code>NoSuchKey</Code></Error>");
		}
		NullAnswer content = NullAnswer.content(request, size);
		this.sent.add(content.length());
		return content;
	}

	private String list(String prefix) {
		StringBuilder list = new StringBuilder("<ListMultipartUploadsResult><Bucket>bench</Bucket>");
		this.uploads.forEach((id, upload) -> {
			if (upload.key().startsWith(prefix)) {
				list.append("<Upload><Key>" + upload.key() + "</Key><UploadId>" + id + "</UploadId></Upload>");
			}
		});
		return list.append("</ListMultipartUploadsResult>").toString();
	}

	private String counts() {
		Map<String, Long> counts = new TreeMap<>();
		counts.put("requests", this.requests.sum());
		counts.put("puts", this.puts.sum());
		counts.put("begun", this.begun.get());
		counts.put("completed", this.completed.sum());
		counts.put("aborted", this.aborted.sum());
		counts.put("copied", this.copied.sum());
		counts.put("received", this.received.sum());
		counts.put("sent", this.sent.sum());
		counts.put("open", (long) this.uploads.size());
		StringBuilder text = new StringBuilder();
		counts.forEach((name, count) -> text.append(name).append('=').append(count).append('\n'));
		return text.toString();
	}

}
