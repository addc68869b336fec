package dev.stowage.event;

import java.time.Clock;

import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Decides by the settings whether events are recorded, and delivers them. */
@Configuration(proxyBeanMethods = false)
class EventConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(EventConfiguration.class);

	/** Before the first request is served. */
	@Bean
	InitializingBean wantedEvents(EventRepository events, WebhookProperties properties) {
		return () -> {
			if (properties.webhook().url() != null) {
				events.want();
			}
			else {
				int lost = events.wantNone();
				if (lost > 0) {
					logger.warn("STOWAGE_WEBHOOK_URL is no longer set: {} events were not delivered", lost);
				}
			}
		};
	}

	@Bean
	EventDelivery eventDelivery(EventRepository events, WebhookProperties properties, Clock clock,
			MeterRegistry meters) {
		return new EventDelivery(events, properties.webhook().receiver(), EventDelivery.EXCHANGE, clock, meters);
	}

}
