package dev.stowage.http.overload;

import java.util.List;

import dev.stowage.http.CrossOrigin;
import dev.stowage.http.HttpProperties;
import dev.stowage.http.ProblemDialect;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.ContinueResponseTiming;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Configures Tomcat for long bodies. */
@Configuration(proxyBeanMethods = false)
class TomcatConfiguration {

	/**
	 * A download is written in pieces of this size; every connection has one such buffer.
	 */
	private static final int WRITE_BUFFER = 32 * 1024;

	/**
	 * How much the kernel buffers for a client that does not read. Left alone, the buffer
	 * would grow to megabytes, and the kernel would report progress of the client only
	 * after a third of it.
	 */
	private static final int SEND_BUFFER = 256 * 1024;

	/** How many connections may arrive before the next accept. */
	private static final int BACKLOG = 4096;

	@Bean
	WebServerFactoryCustomizer<TomcatServletWebServerFactory> longBodies(HttpProperties properties,
			List<ProblemDialect> dialects, MeterRegistry meters) {
		Places refused = new Places(Capacity.of(properties).strangers(), properties.addressShare());
		return (factory) -> {
			factory.setProtocol(CrowdProtocol.class.getName());
			factory.addContextCustomizers((context) -> context.getParent()
				.getPipeline()
				.addValve(new ProblemReportValve(refused, new CrossOrigin(properties.corsOrigins()), dialects)));
			factory.addConnectorCustomizers((connector) -> customize(connector, properties, meters));
		};
	}

	private static void customize(Connector connector, HttpProperties properties, MeterRegistry meters) {
		connector.setProperty("socket.txBufSize", String.valueOf(SEND_BUFFER));
		connector.setProperty("socket.appWriteBufSize", String.valueOf(WRITE_BUFFER));
		// outside the heap, so that the kernel needs no further copy
		connector.setProperty("socket.directBuffer", "true");
		if (connector.getProtocolHandler() instanceof CrowdProtocol protocol) {
			protocol.setRoom(Capacity.of(properties).connections(), properties.addressShare(), properties.corsOrigins(),
					TurnedAway.connections(meters)::increment);
			protocol.setAcceptCount(BACKLOG);
			// 100 Continue is sent only when the body is read
			protocol.setContinueResponseTiming(ContinueResponseTiming.ON_REQUEST_BODY_READ.toString());
			// a Conversation sets how long the server waits for a body
			protocol.setDisableUploadTimeout(true);
		}
	}

}
