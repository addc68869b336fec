package dev.stowage;

import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Repository;
import org.springframework.web.bind.annotation.RestController;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/** The dependencies between packages, and rules for classes. */
@AnalyzeClasses(packages = "dev.stowage", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

	/** The rooms that speak with clients about files. */
	private static final List<String> CONVERSATIONS = List.of("api", "api.problem", "api.form", "api.content",
			"api.files", "api.uploads", "api.tus", "api.resumable", "api.anthropic");

	@ArchTest
	static final ArchRule rooms = layeredArchitecture().consideringOnlyDependenciesInLayers()
		.layer("root")
		.definedBy("dev.stowage")
		.layer("command")
		.definedBy("dev.stowage.command")
		.layer("check")
		.definedBy("dev.stowage.check")
		.layer("startup")
		.definedBy("dev.stowage.startup")
		.layer("api")
		.definedBy("dev.stowage.api")
		.layer("api.problem")
		.definedBy("dev.stowage.api.problem")
		.layer("api.form")
		.definedBy("dev.stowage.api.form")
		.layer("api.content")
		.definedBy("dev.stowage.api.content")
		.layer("api.files")
		.definedBy("dev.stowage.api.files")
		.layer("api.anthropic")
		.definedBy("dev.stowage.api.anthropic")
		.layer("api.description")
		.definedBy("dev.stowage.api.description")
		.layer("api.uploads")
		.definedBy("dev.stowage.api.uploads")
		.layer("api.tus")
		.definedBy("dev.stowage.api.tus")
		.layer("api.resumable")
		.definedBy("dev.stowage.api.resumable")
		.layer("api.admin")
		.definedBy("dev.stowage.api.admin")
		.layer("console")
		.definedBy("dev.stowage.console")
		.layer("sweep")
		.definedBy("dev.stowage.sweep")
		.layer("event")
		.definedBy("dev.stowage.event")
		.layer("upload")
		.definedBy("dev.stowage.upload")
		.layer("upload.parts")
		.definedBy("dev.stowage.upload.parts")
		.layer("upload.append")
		.definedBy("dev.stowage.upload.append")
		.layer("upload.pending")
		.definedBy("dev.stowage.upload.pending")
		.layer("file")
		.definedBy("dev.stowage.file")
		.layer("identity")
		.definedBy("dev.stowage.identity")
		.layer("settings")
		.definedBy("dev.stowage.settings")
		.layer("database")
		.definedBy("dev.stowage.database")
		.layer("owner")
		.definedBy("dev.stowage.owner")
		.layer("keys")
		.definedBy("dev.stowage.keys")
		.layer("quota")
		.definedBy("dev.stowage.quota")
		.layer("security")
		.definedBy("dev.stowage.security")
		.layer("http")
		.definedBy("dev.stowage.http")
		.layer("path")
		.definedBy("dev.stowage.http.path")
		.layer("head")
		.definedBy("dev.stowage.http.head")
		.layer("overload")
		.definedBy("dev.stowage.http.overload")
		.layer("audit")
		.definedBy("dev.stowage.http.audit")
		.layer("limits")
		.definedBy("dev.stowage.http.limits")
		.layer("digest")
		.definedBy("dev.stowage.http.digest")
		.layer("fields")
		.definedBy("dev.stowage.http.fields")
		.layer("storage")
		.definedBy("dev.stowage.storage")
		.layer("s3")
		.definedBy("dev.stowage.storage.s3")
		.layer("parts")
		.definedBy("dev.stowage.storage.s3.parts")
		.layer("embedded")
		.definedBy("dev.stowage.storage.embedded")
		.layer("multipart")
		.definedBy("dev.stowage.multipart")
		.layer("json")
		.definedBy("dev.stowage.json")
		.layer("memory")
		.definedBy("dev.stowage.memory")
		.whereLayer("root")
		.mayNotBeAccessedByAnyLayer()
		.whereLayer("command")
		.mayOnlyBeAccessedByLayers("root")
		.whereLayer("check")
		.mayOnlyBeAccessedByLayers("command")
		.whereLayer("startup")
		.mayOnlyBeAccessedByLayers("root", "command")
		.whereLayer("api")
		.mayOnlyBeAccessedByLayers("api.problem", "api.form", "api.content", "api.files", "api.uploads", "api.tus",
				"api.resumable", "api.anthropic", "api.admin")
		.whereLayer("api.problem")
		.mayNotBeAccessedByAnyLayer()
		.whereLayer("api.form")
		.mayOnlyBeAccessedByLayers("api.files", "api.uploads", "api.tus", "api.resumable", "api.anthropic")
		.whereLayer("api.content")
		.mayOnlyBeAccessedByLayers("api.files", "api.anthropic")
		.whereLayer("api.anthropic")
		.mayNotBeAccessedByAnyLayer()
		.whereLayer("api.files")
		.mayNotBeAccessedByAnyLayer()
		.whereLayer("api.description")
		.mayNotBeAccessedByAnyLayer()
		.whereLayer("api.uploads")
		.mayNotBeAccessedByAnyLayer()
		.whereLayer("api.tus")
		.mayNotBeAccessedByAnyLayer()
		.whereLayer("api.resumable")
		.mayNotBeAccessedByAnyLayer()
		.whereLayer("api.admin")
		.mayNotBeAccessedByAnyLayer()
		.whereLayer("console")
		.mayOnlyBeAccessedByLayers("startup")
		.whereLayer("sweep")
		.mayOnlyBeAccessedByLayers("startup")
		.whereLayer("event")
		.mayOnlyBeAccessedByLayers("startup")
		.whereLayer("upload")
		.mayOnlyBeAccessedByLayers(conversations("upload.parts", "upload.append", "sweep", "startup"))
		.whereLayer("upload.parts")
		.mayOnlyBeAccessedByLayers(conversations("startup"))
		.whereLayer("upload.append")
		.mayOnlyBeAccessedByLayers(conversations("startup"))
		.whereLayer("upload.pending")
		.mayOnlyBeAccessedByLayers(conversations("upload", "upload.parts", "upload.append", "startup"))
		.whereLayer("file")
		.mayOnlyBeAccessedByLayers(conversations("upload", "upload.parts", "upload.append", "upload.pending", "sweep",
				"check", "startup", "quota", "event"))
		.whereLayer("identity")
		.mayOnlyBeAccessedByLayers("file", "sweep", "check")
		.whereLayer("settings")
		.mayOnlyBeAccessedByLayers("startup", "upload", "upload.parts", "upload.append", "upload.pending", "sweep",
				"http", "limits", "security", "storage", "command", "quota", "event")
		.whereLayer("database")
		.mayOnlyBeAccessedByLayers("file", "upload", "upload.parts", "upload.append", "upload.pending", "sweep",
				"identity", "owner", "keys", "check", "quota", "event")
		.whereLayer("keys")
		.mayOnlyBeAccessedByLayers("api.admin", "security", "command")
		.whereLayer("quota")
		.mayOnlyBeAccessedByLayers(conversations("api.admin", "upload", "upload.parts", "upload.append",
				"upload.pending", "limits", "command", "startup"))
		.whereLayer("owner")
		.mayOnlyBeAccessedByLayers(
				conversations("api.admin", "upload", "upload.parts", "upload.append", "upload.pending", "file", "sweep",
						"keys", "security", "overload", "limits", "audit", "command", "quota"))
		.whereLayer("security")
		.mayOnlyBeAccessedByLayers("startup")
		.whereLayer("http")
		.mayOnlyBeAccessedByLayers(
				conversations("api.admin", "security", "head", "overload", "limits", "audit", "startup"))
		.whereLayer("path")
		.mayOnlyBeAccessedByLayers(conversations("http", "head", "security"))
		.whereLayer("head")
		.mayOnlyBeAccessedByLayers("overload")
		.whereLayer("overload")
		.mayOnlyBeAccessedByLayers(conversations("digest", "limits"))
		.whereLayer("audit")
		.mayOnlyBeAccessedByLayers(conversations("api.admin", "security", "limits", "startup"))
		.whereLayer("limits")
		.mayOnlyBeAccessedByLayers("security", "startup")
		.whereLayer("digest")
		.mayOnlyBeAccessedByLayers(conversations())
		.whereLayer("fields")
		.mayOnlyBeAccessedByLayers("http", "digest", "limits", "api", "api.resumable")
		.whereLayer("storage")
		.mayOnlyBeAccessedByLayers(conversations("upload", "upload.parts", "upload.append", "upload.pending", "file",
				"sweep", "identity", "database", "s3", "parts", "embedded", "startup", "check", "command", "console"))
		.whereLayer("s3")
		.mayOnlyBeAccessedByLayers("embedded")
		.whereLayer("parts")
		.mayOnlyBeAccessedByLayers("s3")
		.whereLayer("embedded")
		.mayOnlyBeAccessedByLayers("command")
		.whereLayer("multipart")
		.mayOnlyBeAccessedByLayers(conversations())
		.whereLayer("json")
		.mayOnlyBeAccessedByLayers("upload")
		.whereLayer("memory")
		.mayOnlyBeAccessedByLayers("s3", "parts")
		.because("a file's life must not depend on how a request asks for it, nor bytes on what they mean");

	@ArchTest
	static final ArchRule noCycles = slices().matching("dev.stowage.(**)")
		.should()
		.beFreeOfCycles()
		.because("a package that needs its neighbour's neighbour cannot be understood alone");

	@ArchTest
	static final ArchRule noCyclesOfTypes = slices().assignedFrom(new TypeAndWhatIsInIt())
		.should()
		.beFreeOfCycles()
		.because("of two types that need each other, neither can be understood alone");

	@ArchTest
	static final ArchRule craftsKnowTheJdkAlone = classes().that()
		.resideInAnyPackage("dev.stowage.multipart", "dev.stowage.json", "dev.stowage.memory")
		.should()
		.onlyDependOnClassesThat()
		.resideInAnyPackage("java..", "org.jspecify..", "dev.stowage.multipart", "dev.stowage.json",
				"dev.stowage.memory")
		.because("they can be read without knowing the rest");

	@ArchTest
	static final ArchRule edgeKnowsNoFiles = noClasses().that()
		.resideInAPackage("dev.stowage.http..")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("dev.stowage.file..", "dev.stowage.upload..", "dev.stowage.sweep..",
				"dev.stowage.database..", "dev.stowage.identity..", "dev.stowage.storage..", "dev.stowage.api..")
		.because("the edge works the same for every kind of request");

	@ArchTest
	static final ArchRule tomcatStaysAtTheEdge = noClasses().that()
		.resideOutsideOfPackage("dev.stowage.http..")
		// which handles what Tomcat throws
		.and()
		.doNotHaveFullyQualifiedName("dev.stowage.api.problem.ProblemHandler")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("org.apache.catalina..", "org.apache.coyote..", "org.apache.tomcat..")
		.because("another container would change only the edge");

	@ArchTest
	static final ArchRule webStaysOutside = noClasses().that()
		.resideInAnyPackage("dev.stowage.file", "dev.stowage.upload..", "dev.stowage.sweep", "dev.stowage.event",
				"dev.stowage.database", "dev.stowage.identity", "dev.stowage.owner", "dev.stowage.storage..")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("jakarta.servlet..", "org.springframework.web..", "org.springframework.http..")
		.because("files and bytes must not depend on the HTTP server");

	@ArchTest
	static final ArchRule sdkStaysInside = noClasses().that()
		.resideOutsideOfPackages("dev.stowage.storage.s3..", "dev.stowage.storage.embedded")
		// which takes a credential from the settings
		.and()
		.haveNameNotMatching("dev\\.stowage\\.storage\\.StorageProperties.*")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("software.amazon..", "org.gaul..")
		.because("only these packages know which SDK calls the store, and which engine is embedded");

	@ArchTest
	static final ArchRule apiUsesNoStore = noClasses().that()
		.resideInAPackage("dev.stowage.api..")
		.should()
		.dependOnClassesThat(resideInAPackage("dev.stowage.storage..").and(not(assignableTo(RuntimeException.class)))
			.and(not(simpleName("SignedRequest"))))
		.because("a controller calls Files and FileService, and knows only the store's failures and signed requests");

	@ArchTest
	static final ArchRule jdbcHasFewPlaces = noClasses().that()
		.haveSimpleNameNotEndingWith("Repository")
		.and()
		.resideOutsideOfPackage("dev.stowage.database")
		.and()
		.doNotHaveFullyQualifiedName("dev.stowage.startup.KeysConfigured")
		.and()
		.doNotHaveFullyQualifiedName("dev.stowage.startup.StartReport")
		.and()
		.doNotHaveFullyQualifiedName("dev.stowage.file.FileCounts")
		.and()
		.doNotHaveFullyQualifiedName("dev.stowage.startup.DatabaseUrl")
		.and()
		.doNotHaveFullyQualifiedName("dev.stowage.startup.DatabaseFailureAnalyzer")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("java.sql..", "javax.sql..", "org.springframework.jdbc..")
		.because("conditions of every query, such as the owner, are in one place; the exceptions are "
				+ "counts over all owners, and what a start compares and remembers");

	@ArchTest
	static final ArchRule jsonIsForAnswers = noClasses().that()
		.resideOutsideOfPackages("dev.stowage.api..", "dev.stowage.http..", "dev.stowage.event")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("tools.jackson..", "com.fasterxml.jackson..")
		.because("only answers and events have a JSON shape");

	@ArchTest
	static final ArchRule conversationsAreNobodysLibrary = classes().that()
		.resideInAPackage("dev.stowage.api.*")
		// which several of them share
		.and()
		.resideOutsideOfPackages("dev.stowage.api.form", "dev.stowage.api.content")
		.should()
		.notBePublic()
		.because("no class may depend on a controller, and protocols do not know each other");

	@ArchTest
	static final ArchRule wiringIsPrivate = classes().that()
		.areAnnotatedWith(Configuration.class)
		.or()
		.areAnnotatedWith(RestController.class)
		.should()
		.notBePublic()
		.because("only Spring may use them");

	@ArchTest
	static final ArchRule rowsBelongToTheirRoom = classes().that()
		.areAnnotatedWith(Repository.class)
		.should()
		.notBePublic()
		.because("a row changes only by the rules of its package");

	@ArchTest
	static final ArchRule noFieldInjection = fields().should()
		.notBeAnnotatedWith(Autowired.class)
		.because("a constructor shows what its class needs");

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

	@ArchTest
	static final ArchRule requestsEndWithTheirThread = noClasses().should()
		.dependOnClassesThat()
		.resideInAnyPackage("org.springframework.web.context.request.async..")
		.orShould()
		.dependOnClassesThat()
		.haveNameMatching(".*\\.(AsyncContext|StreamingResponseBody|ResponseBodyEmitter)")
		.because("filters return places and counts when the rest of their chain returns");

	/** Nested types belong to the type around them. */
	private static final class TypeAndWhatIsInIt implements SliceAssignment {

		@Override
		public SliceIdentifier getIdentifierOf(JavaClass type) {
			return SliceIdentifier.of(type.getFullName().replaceFirst("\\$.*", ""));
		}

		@Override
		public String getDescription() {
			return "types";
		}

	}

	/** The conversations, and rooms beside them. */
	private static String[] conversations(String... others) {
		return Stream.concat(CONVERSATIONS.stream(), Stream.of(others)).toArray(String[]::new);
	}

}
