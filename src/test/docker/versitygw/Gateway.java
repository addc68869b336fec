import java.lang.reflect.Field;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.gaul.s3proxy.CrossOriginResourceSharing;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import org.gaul.shaded.org.eclipse.jetty.http.HttpCompliance;
import org.gaul.shaded.org.eclipse.jetty.server.ConnectionFactory;
import org.gaul.shaded.org.eclipse.jetty.server.Connector;
import org.gaul.shaded.org.eclipse.jetty.server.Handler;
import org.gaul.shaded.org.eclipse.jetty.server.HttpConfiguration;
import org.gaul.shaded.org.eclipse.jetty.server.Request;
import org.gaul.shaded.org.eclipse.jetty.server.Response;
import org.gaul.shaded.org.eclipse.jetty.server.Server;
import org.gaul.shaded.org.eclipse.jetty.util.Callback;
import software.amazon.awssdk.services.s3.model.BucketCannedACL;

/** S3Proxy over a folder, configured by the variables of versitygw. */
class Gateway {

	public static void main(String[] arguments) throws Exception {
		Map<String, String> set = System.getenv();
		FilesystemNio2BlobStore store = new FilesystemNio2BlobStore(arguments[0]);
		try (Stream<Path> buckets = Files.list(Path.of(arguments[0]))) {
			buckets.filter(Files::isDirectory)
				.map((bucket) -> bucket.getFileName().toString())
				.forEach((bucket) -> store.setContainerAccess(bucket, BucketCannedACL.PRIVATE));
		}
		S3Proxy proxy = S3Proxy.builder()
			.endpoint(URI.create("http://0.0.0.0" + set.get("VGW_PORT")))
			.awsAuthentication(AuthenticationType.AWS_V4, set.get("ROOT_ACCESS_KEY_ID"),
					set.get("ROOT_SECRET_ACCESS_KEY"))
			.blobStore(store)
			.corsRules(new CrossOriginResourceSharing(List.of(set.getOrDefault("VGW_CORS_ALLOW_ORIGIN", "*")),
					List.of("GET", "HEAD", "PUT"), List.of("*"), List.of("ETag"), "false"))
			.build();
		Field field = S3Proxy.class.getDeclaredField("server");
		field.setAccessible(true);
		Server server = (Server) field.get(proxy);
		for (Connector connector : server.getConnectors()) {
			for (ConnectionFactory factory : connector.getConnectionFactories()) {
				if (factory instanceof HttpConfiguration.ConnectionFactory http) {
					// as Stowage's own embedded store: Jetty would read a body of `curl -d` as a form
					http.getHttpConfiguration().setFormEncodedMethods(Set.of());
					http.getHttpConfiguration().setHttpCompliance(HttpCompliance.RFC7230);
				}
			}
		}
		server.setHandler(new Health(server.getHandler(), set.getOrDefault("VGW_HEALTH", "/health")));
		proxy.start();
		System.out.println("Ready.");
	}

	/** Answers at the path that the health check asks. */
	private static final class Health extends Handler.Wrapper {

		private final String path;

		Health(Handler handler, String path) {
			super(handler);
			this.path = path;
		}

		@Override
		public boolean handle(Request request, Response response, Callback callback) throws Exception {
			if (!Request.getPathInContext(request).equals(this.path)) {
				return super.handle(request, response, callback);
			}
			response.setStatus(200);
			callback.succeeded();
			return true;
		}

	}

}
