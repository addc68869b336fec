package dev.stowage;

import java.time.Clock;

import dev.stowage.command.Commands;
import dev.stowage.startup.OutOfMemory;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;
import org.springframework.context.annotation.Bean;

/** Starts Stowage, or runs the command that the first argument names. */
@SpringBootApplication(proxyBeanMethods = false, exclude = UserDetailsServiceAutoConfiguration.class)
@ConfigurationPropertiesScan
public class StowageApplication {

	public static void main(String[] args) {
		if (Commands.areMeant(args)) {
			System.exit(Commands.run(args));
		}
		OutOfMemory.haltOnThreads();
		SpringApplication application = new SpringApplication(StowageApplication.class);
		// by then the log has been set up
		application.addInitializers((context) -> OutOfMemory.haltOnLog());
		application.run(args);
	}

	/** The only one: tests move it. */
	@Bean
	Clock clock() {
		return Clock.systemUTC();
	}

}
