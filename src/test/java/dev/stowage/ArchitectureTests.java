package dev.stowage;

import java.time.Clock;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

import org.apache.coyote.ProtocolHandler;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.RestController;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/** The arrows of the house. */
@AnalyzeClasses(packages = "dev.stowage", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

	@ArchTest
	static final ArchRule oneArrow = layeredArchitecture().consideringOnlyDependenciesInLayers()
		.layer("root")
		.definedBy("dev.stowage")
		.layer("api")
		.definedBy("dev.stowage.api")
		.layer("file")
		.definedBy("dev.stowage.file")
		.layer("storage")
		.definedBy("dev.stowage.storage")
		.layer("security")
		.definedBy("dev.stowage.security")
		.whereLayer("api")
		.mayNotBeAccessedByAnyLayer()
		.whereLayer("security")
		.mayOnlyBeAccessedByLayers("root")
		.whereLayer("file")
		.mayOnlyBeAccessedByLayers("api", "security", "root")
		.whereLayer("storage")
		.mayOnlyBeAccessedByLayers("api", "file", "root")
		.because("a file's life must not depend on how it is asked for, nor bytes on what they mean");

	@ArchTest
	static final ArchRule noCycles = slices().matching("dev.stowage.(*)")
		.should()
		.beFreeOfCycles()
		.because("a room that needs its neighbour's neighbour cannot be understood alone");

	@ArchTest
	static final ArchRule webStaysOutside = noClasses().that()
		.resideInAnyPackage("dev.stowage.file", "dev.stowage.storage")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("jakarta.servlet..", "org.springframework.web..", "org.springframework.http..",
				"org.apache.catalina..", "org.apache.coyote..")
		.because("files and bytes know no HTTP server");

	@ArchTest
	static final ArchRule sdkStaysInside = noClasses().that()
		.resideOutsideOfPackage("dev.stowage.storage")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("software.amazon..", "org.gaul..")
		.because("only storage knows which SDK speaks to the store");

	@ArchTest
	static final ArchRule apiUsesNoStore = noClasses().that()
		.resideInAPackage("dev.stowage.api")
		.should()
		.dependOnClassesThat()
		.haveSimpleName("ObjectStore")
		.because("a controller asks Files and FileService, and nobody behind them");

	@ArchTest
	static final ArchRule jdbcHasFewPlaces = noClasses().that()
		.haveSimpleNameNotEndingWith("Repository")
		.and()
		.doNotHaveFullyQualifiedName("dev.stowage.file.Changes")
		.and()
		.doNotHaveFullyQualifiedName("dev.stowage.file.GroupCommit")
		.and()
		.doNotHaveFullyQualifiedName("dev.stowage.file.DatabaseClock")
		.and()
		.doNotHaveFullyQualifiedName("dev.stowage.file.IdentityRepository")
		.and()
		.doNotHaveFullyQualifiedName("dev.stowage.KeysConfigured")
		.and()
		.doNotHaveFullyQualifiedName("dev.stowage.StartReport")
		.and()
		.doNotHaveFullyQualifiedName("dev.stowage.file.FileCounts")
		.and()
		.doNotHaveFullyQualifiedName("dev.stowage.security.FirstKey")
		.and()
		.doNotHaveFullyQualifiedName("dev.stowage.DatabaseUrl")
		.and()
		.doNotHaveFullyQualifiedName("dev.stowage.DatabaseFailureAnalyzer")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("java.sql..", "javax.sql..", "org.springframework.jdbc..")
		.because(
				"what a query must hold to, such as its owner, is seen in one place; the first key has a table of its own, a group waits for its turn to write, a clock is no row, counts are of all owners, and what a start compares and remembers is no file");

	@ArchTest
	static final ArchRule jsonIsForTheApi = noClasses().that()
		.resideOutsideOfPackage("dev.stowage.api")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("tools.jackson..", "com.fasterxml.jackson..")
		.because("nothing else has a JSON shape");

	@ArchTest
	static final ArchRule apiIsNobodysLibrary = classes().that()
		.resideInAPackage("dev.stowage.api")
		// which Tomcat makes by its name
		.and()
		.areNotAssignableTo(ProtocolHandler.class)
		.should()
		.notBePublic()
		.because("nothing may be built on a controller");

	@ArchTest
	static final ArchRule wiringIsPrivate = classes().that()
		.areAnnotatedWith(Configuration.class)
		.or()
		.areAnnotatedWith(RestController.class)
		.should()
		.notBePublic()
		.because("only Spring may use them");

	@ArchTest
	static final ArchRule noFieldInjection = fields().should()
		.notBeAnnotatedWith(Autowired.class)
		.because("what a class needs is said by its constructor");

	@ArchTest
	static final ArchRule settingsComeInRecords = noClasses().should()
		.dependOnClassesThat(equivalentTo(Value.class))
		.because("a setting has one place, one default and one check");

	@ArchTest
	static final ArchRule onlyTheInjectedClock = noClasses().that(not(equivalentTo(Clock.class)))
		.should()
		.callMethod(java.time.Instant.class, "now")
		.orShould()
		.callMethod(System.class, "currentTimeMillis")
		.because("tests move the clock");

}
