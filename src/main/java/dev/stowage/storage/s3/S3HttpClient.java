package dev.stowage.storage.s3;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;

import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.routing.RoutingSupport;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.AbstractHttpEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpFullResponse;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;

/**
 * Apache's HTTP client under the AWS SDK. The SDK's own adapter to it hands bodies over 4
 * KiB at a time, which the socket sends 8 KiB at a time; this one sends them in pieces 16
 * times as large, which costs much less.
 */
final class S3HttpClient implements SdkHttpClient {

	/**
	 * More than the requests that are served at the same time, because each download
	 * keeps a connection.
	 */
	private static final int MAX_CONNECTIONS = 100_000;

	private static final Timeout CONNECT = Timeout.ofSeconds(3);

	private static final Timeout ACQUIRE = Timeout.ofSeconds(10);

	private static final Timeout SILENCE = Timeout.ofSeconds(30);

	private static final TimeValue IDLE = TimeValue.of(60, TimeUnit.SECONDS);

	private static final RequestConfig USUAL = RequestConfig.custom()
		.setConnectionRequestTimeout(ACQUIRE)
		.setResponseTimeout(SILENCE)
		// some proxies refuse requests that offer an upgrade to TLS
		.setProtocolUpgradeEnabled(false)
		.build();

	/** The SDK's own timeout ends it. */
	private static final RequestConfig SILENT_FOR_LONG = RequestConfig.copy(USUAL)
		.setResponseTimeout(Timeout.DISABLED)
		.build();

	private final CloseableHttpClient client = HttpClients.custom()
		.useSystemProperties()
		.setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
			.useSystemProperties()
			.setMaxConnTotal(MAX_CONNECTIONS)
			.setMaxConnPerRoute(MAX_CONNECTIONS)
			.setDefaultConnectionConfig(ConnectionConfig.custom()
				.setConnectTimeout(CONNECT)
				.setSocketTimeout(SILENCE)
				.setValidateAfterInactivity(TimeValue.ofSeconds(2))
				.build())
			.build())
		.setDefaultRequestConfig(USUAL)
		.evictExpiredConnections()
		.evictIdleConnections(IDLE)
		.disableAuthCaching()
		.disableAutomaticRetries()
		.disableContentCompression()
		.disableCookieManagement()
		.disableRedirectHandling()
		.build();

	@Override
	public String clientName() {
		return "Apache5";
	}

	@Override
	public ExecutableHttpRequest prepareRequest(HttpExecuteRequest execution) {
		HttpUriRequestBase request = request(execution);
		return new ExecutableHttpRequest() {

			@Override
			public HttpExecuteResponse call() throws IOException {
				return execute(request);
			}

			@Override
			public void abort() {
				request.abort();
			}

		};
	}

	private static HttpUriRequestBase request(HttpExecuteRequest execution) {
		SdkHttpRequest from = execution.httpRequest();
		HttpUriRequestBase request = new HttpUriRequestBase(from.method().name(), from.getUri());
		from.forEachHeader((name, values) -> {
			if (!name.equalsIgnoreCase(HttpHeaders.CONTENT_LENGTH)) {
				values.forEach((value) -> request.addHeader(name, value));
			}
		});
		if (from.method() == SdkHttpMethod.PUT || from.method() == SdkHttpMethod.POST) {
			long length = from.firstMatchingHeader(HttpHeaders.CONTENT_LENGTH).map(Long::parseLong).orElse(0L);
			request.setEntity(new Body(execution.contentStreamProvider().orElse(InputStream::nullInputStream), length));
		}
		if (isAssembly(from)) {
			request.setConfig(SILENT_FOR_LONG);
		}
		return request;
	}

	/**
	 * Whether the store itself moves bytes: to copy an object or to complete an upload.
	 */
	private static boolean isAssembly(SdkHttpRequest request) {
		return request.firstMatchingHeader("x-amz-copy-source").isPresent() || (request.method() == SdkHttpMethod.POST
				&& request.firstMatchingRawQueryParameter("uploadId").isPresent());
	}

	private HttpExecuteResponse execute(HttpUriRequestBase request) throws IOException {
		ClassicHttpResponse response = this.client.executeOpen(target(request), request, null);
		SdkHttpFullResponse.Builder head = SdkHttpFullResponse.builder()
			.statusCode(response.getCode())
			.statusText(response.getReasonPhrase());
		for (Header header : response.getHeaders()) {
			head.appendHeader(header.getName(), header.getValue());
		}
		HttpExecuteResponse.Builder answer = HttpExecuteResponse.builder().response(head.build());
		HttpEntity entity = response.getEntity();
		if (entity != null) {
			answer.responseBody(AbortableInputStream.create(entity.getContent(), request::abort));
		}
		return answer.build();
	}

	private static HttpHost target(HttpUriRequestBase request) throws IOException {
		try {
			return RoutingSupport.determineHost(request);
		}
		catch (HttpException ex) {
			throw new IOException("No host in the request to the store", ex);
		}
	}

	@Override
	public void close() {
		this.client.close(CloseMode.GRACEFUL);
	}

	/** What a request sends. */
	private static final class Body extends AbstractHttpEntity {

		private static final int PIECE = 128 * 1024;

		private final ContentStreamProvider content;

		private final long length;

		Body(ContentStreamProvider content, long length) {
			super((String) null, null);
			this.content = content;
			this.length = length;
		}

		@Override
		public void writeTo(OutputStream out) throws IOException {
			byte[] piece = new byte[(int) Math.min(this.length, PIECE)];
			try (InputStream in = getContent()) {
				long left = this.length;
				while (left > 0) {
					int count = in.readNBytes(piece, 0, (int) Math.min(left, piece.length));
					out.write(piece, 0, count);
					left = (count > 0) ? left - count : 0;
				}
			}
		}

		@Override
		public InputStream getContent() {
			return this.content.newStream();
		}

		@Override
		public long getContentLength() {
			return this.length;
		}

		@Override
		public boolean isRepeatable() {
			return false;
		}

		@Override
		public boolean isStreaming() {
			return true;
		}

		@Override
		public void close() {
			// its stream is closed by the code that opens it
		}

	}

}
