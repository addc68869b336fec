package dev.stowage.http.overload;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.stowage.http.HttpProperties;
import org.apache.catalina.connector.Connector;

import org.springframework.boot.tomcat.TomcatConnectorCustomizer;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * The first step of a stop. For a while the server keeps serving, but readiness already
 * answers 503 and every answer closes its connection. So a load balancer has switched to
 * other instances before this one refuses requests.
 */
@Component
class ShutdownDelay implements SmartLifecycle, TomcatConnectorCustomizer {

	private final HttpProperties properties;

	private final List<Connector> connectors = new CopyOnWriteArrayList<>();

	private volatile boolean running;

	ShutdownDelay(HttpProperties properties) {
		this.properties = properties;
	}

	@Override
	public void customize(Connector connector) {
		this.connectors.add(connector);
	}

	@Override
	public void start() {
		this.running = true;
	}

	@Override
	public void stop() {
		this.connectors.forEach((connector) -> connector.setProperty("maxKeepAliveRequests", "1"));
		try {
			Thread.sleep(this.properties.shutdownDelay());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	/** The highest phase, which stops first. */
	@Override
	public int getPhase() {
		return DEFAULT_PHASE;
	}

}
