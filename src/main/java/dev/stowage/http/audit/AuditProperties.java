package dev.stowage.http.audit;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Whether actions are audited.
 *
 * @param audit whether the log has a line for each
 */
@ConfigurationProperties("stowage")
public record AuditProperties(@DefaultValue("false") boolean audit) {
}
