package dev.stowage.http.limits;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Whether metrics tell owners apart.
 *
 * @param metricsOwners whether the requests of each owner are counted
 */
@ConfigurationProperties("stowage")
public record OwnerMetricsProperties(@DefaultValue("false") boolean metricsOwners) {
}
