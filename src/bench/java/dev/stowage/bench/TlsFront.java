package dev.stowage.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import dev.stowage.support.ChildProcess;
import dev.stowage.support.Command;

/** nginx that ends TLS 1.3 in front of a store, in a process of its own. */
final class TlsFront extends Subject {

	private static final String PASSWORD = "password-of-a-test";

	private final int port;

	private TlsFront(Path folder, URI plain, int port, ChildProcess nginx) {
		super(folder, plain, nginx);
		this.port = port;
	}

	static TlsFront start(URI store) throws IOException, InterruptedException {
		Path folder = Files.createTempDirectory("stowage-tls");
		Command.run(folder, Map.of(), "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
				"/CN=store", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "store.key", "-out", "store.crt");
		Command.run(folder, Map.of(), Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
				"-importcert", "-noprompt", "-alias", "store", "-file", "store.crt", "-keystore", "trust.p12",
				"-storepass", PASSWORD);
		int port = ChildProcess.freePort();
		int plain = ChildProcess.freePort();
		Path conf = Files.writeString(folder.resolve("nginx.conf"), conf(store.getPort(), port, plain));
		TlsFront front = new TlsFront(folder, local(plain), port, new ChildProcess(folder.resolve("log"), Map.of(),
				List.of("nginx", "-p", folder.toString(), "-c", conf.toString(), "-e", "error.log")));
		front.awaitUp(NullStore.COUNTS);
		return front;
	}

	/** Its plain port is there to see when it is up. */
	private static String conf(int store, int port, int plain) {
		return """
				daemon off;
				master_process off;
				pid nginx.pid;
				events {}
				http {
				  access_log off;
				  client_max_body_size 0;
				  client_body_temp_path body;
				  proxy_temp_path proxy;
				  fastcgi_temp_path fastcgi;
				  uwsgi_temp_path uwsgi;
				  scgi_temp_path scgi;
				  upstream store { server 127.0.0.1:%d; keepalive 16; }
				  server {
				    listen 127.0.0.1:%d ssl;
				    listen 127.0.0.1:%d;
				    ssl_certificate store.crt;
				    ssl_certificate_key store.key;
				    ssl_protocols TLSv1.3;
				    location / {
				      proxy_pass http://store;
				      proxy_http_version 1.1;
				      proxy_set_header Connection "";
				      proxy_set_header Host $http_host;
				      proxy_request_buffering off;
				      proxy_buffering off;
				    }
				  }
				}
				""".formatted(store, port, plain);
	}

	/** What a server needs to use the store through it. */
	Map<String, String> environment() {
		return Map.of("STOWAGE_S3_ENDPOINT", "https://127.0.0.1:" + this.port, "JAVA_TOOL_OPTIONS",
				"-Djavax.net.ssl.trustStore=" + folder().resolve("trust.p12") + " -Djavax.net.ssl.trustStorePassword="
						+ PASSWORD);
	}

}
