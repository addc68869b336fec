package dev.stowage.http.overload;

import dev.stowage.http.HttpProperties;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.ContinueResponseTiming;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Sets Tomcat up for long bodies. */
@Configuration(proxyBeanMethods = false)
class TomcatConfiguration {

	/** A download is written in such pieces; every connection has one. */
	private static final int WRITE_BUFFER = 32 * 1024;

	/**
	 * What the kernel holds for a client that does not read. It would let this grow to
	 * megabytes, and say that a client took some of it only when it took a third.
	 */
	private static final int SEND_BUFFER = 256 * 1024;

	/** So many may come before we look. */
	private static final int BACKLOG = 4096;

	@Bean
	WebServerFactoryCustomizer<TomcatServletWebServerFactory> longBodies(HttpProperties properties,
			MeterRegistry meters) {
		Places refused = new Places(Capacity.of(properties).strangers(), properties.addressShare());
		return (factory) -> {
			factory.setProtocol(CrowdProtocol.class.getName());
			factory.addContextCustomizers(
					(context) -> context.getParent().getPipeline().addValve(new ProblemReportValve(refused)));
			factory.addConnectorCustomizers((connector) -> customize(connector, properties, meters));
		};
	}

	private static void customize(Connector connector, HttpProperties properties, MeterRegistry meters) {
		connector.setProperty("socket.txBufSize", String.valueOf(SEND_BUFFER));
		connector.setProperty("socket.appWriteBufSize", String.valueOf(WRITE_BUFFER));
		// outside the heap, from where the kernel takes and gives without another copy
		connector.setProperty("socket.directBuffer", "true");
		if (connector.getProtocolHandler() instanceof CrowdProtocol protocol) {
			protocol.setRoom(Capacity.of(properties).connections(), properties.addressShare(), properties.corsOrigins(),
					TurnedAway.connections(meters)::increment);
			protocol.setAcceptCount(BACKLOG);
			// a client that asks before it sends is told so only when we want the
			// bytes
			protocol.setContinueResponseTiming(ContinueResponseTiming.ON_REQUEST_BODY_READ.toString());
			// a Conversation sets how long a body is waited for
			protocol.setDisableUploadTimeout(true);
		}
	}

}
