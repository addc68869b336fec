package dev.stowage.startup;

import io.micrometer.observation.transport.ReceiverContext;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.propagation.Propagator;

import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

/** Traces of requests, if an endpoint for them is set. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnExpression("!environment.getProperty('" + TracingChoice.ENDPOINT + "', '').isBlank()")
class TracingConfiguration {

	/**
	 * A failure is identified by its type, because its message may repeat what the client
	 * sent.
	 */
	@Bean
	@Order(MicrometerTracingAutoConfiguration.RECEIVER_TRACING_OBSERVATION_HANDLER_ORDER)
	PropagatingReceiverTracingObservationHandler<ReceiverContext<Object>> requestTracing(Tracer tracer,
			Propagator propagator) {
		return new PropagatingReceiverTracingObservationHandler<>(tracer, propagator) {

			@Override
			public void onError(ReceiverContext<Object> context) {
				// its type is already a tag
			}

		};
	}

}
