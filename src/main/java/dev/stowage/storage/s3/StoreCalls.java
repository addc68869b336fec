package dev.stowage.storage.s3;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;

/**
 * Observes each call to the store by its operation: how long it took, with all attempts
 * and until the answer's body begins, and how it ended. Records no keys.
 */
final class StoreCalls implements ExecutionInterceptor {

	private static final ExecutionAttribute<Observation> CALL = new ExecutionAttribute<>("StoreCall");

	private static final ExecutionAttribute<Boolean> ATTEMPTED = new ExecutionAttribute<>("StoreCallAttempted");

	private static final Observation.Event RETRY = Observation.Event.of("retry");

	private final ObservationRegistry observations;

	StoreCalls(ObservationRegistry observations) {
		this.observations = observations;
	}

	@Override
	public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
		String operation = attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME);
		attributes.putAttribute(CALL,
				Observation.createNotStarted("stowage.store", this.observations)
					.contextualName("s3 " + operation)
					.lowCardinalityKeyValue("operation", operation)
					.start());
	}

	@Override
	public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
		if (attributes.getAttribute(ATTEMPTED) != null) {
			attributes.getAttribute(CALL).event(RETRY);
		}
		attributes.putAttribute(ATTEMPTED, true);
	}

	@Override
	public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
		end(attributes, "SUCCESS");
	}

	@Override
	public void onExecutionFailure(Context.FailedExecution context, ExecutionAttributes attributes) {
		end(attributes, outcome(context.exception()));
	}

	/** A missing object and a failed condition count as client errors, too. */
	private static String outcome(Throwable failure) {
		if (failure instanceof AwsServiceException answer) {
			return (answer.statusCode() < 500) ? "CLIENT_ERROR" : "SERVER_ERROR";
		}
		return "NO_ANSWER";
	}

	private static void end(ExecutionAttributes attributes, String outcome) {
		attributes.getAttribute(CALL).lowCardinalityKeyValue("outcome", outcome).stop();
	}

}
