package dev.stowage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import com.marcnuri.helm.LintResult;
import dev.stowage.support.Chart;
import dev.stowage.support.Page;
import dev.stowage.support.Scrape;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.convert.DurationStyle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/** What the Helm chart makes of a user's values. {@code ChartValuesTests} check these. */
class ChartTests {

	private static final String SECRET = "Secret";

	@TempDir
	Path folder;

	@ParameterizedTest
	@MethodSource("dev.stowage.support.Chart#all")
	void passesAStrictLintWithoutAWarning(Chart chart) {
		LintResult lint = chart.lint(this.folder);
		assertThat(lint.isFailed()).as("%s", lint.getMessages()).isFalse();
		assertThat(lint.getMessages()).allSatisfy((message) -> assertThat(message).startsWith("[INFO]"));
	}

	@Test
	void makesOnePodWithAVolumeOrPodsThatShareWhatIsOutside() {
		assertThat(Chart.EMBEDDED.objects().propertyNames()).containsOnly("ServiceAccount", "Service", "StatefulSet");
		assertThat(Chart.EXTERNAL.objects().propertyNames()).containsOnly("ServiceAccount", "Service", SECRET,
				"Deployment", "PodDisruptionBudget");
		assertThat(Chart.EVERYTHING.objects().propertyNames()).containsOnly("ServiceAccount", "Service", SECRET,
				"Deployment", "PodDisruptionBudget", "HorizontalPodAutoscaler", "Ingress", "ServiceMonitor");
	}

	@ParameterizedTest
	@MethodSource("dev.stowage.support.Chart#all")
	void namesEveryObjectAfterTheRelease(Chart chart) {
		assertThat(chart.objects()).allSatisfy((object) -> {
			assertThat(object.at("/metadata/name").asString()).isEqualTo("stowage");
			assertThat(object.at("/metadata/labels/app.kubernetes.io~1instance").asString()).isEqualTo("stowage");
		});
	}

	@ParameterizedTest
	@MethodSource("dev.stowage.support.Chart#all")
	void selectsTheLabelsOfItsPods(Chart chart) {
		JsonNode objects = chart.objects();
		JsonNode labels = workload(objects).at("/spec/template/metadata/labels");
		List<JsonNode> selectors = new ArrayList<>();
		objects.forEach((object) -> selectors.addAll(object.findValues("matchLabels")));
		selectors.add(objects.path("Service").at("/spec/selector"));
		assertThat(selectors).hasSizeGreaterThan(1).allSatisfy((selector) -> assertThat(selector).isEqualTo(labels));
		assertThat(objects.path("Service").at("/metadata/labels").properties()).containsAll(labels.properties());
	}

	@ParameterizedTest
	@MethodSource("dev.stowage.support.Chart#all")
	void leadsFromEachPortToTheServer(Chart chart) {
		JsonNode objects = chart.objects();
		JsonNode port = container(objects).at("/ports/0");
		String name = port.path("name").asString();
		assertThat(port.path("containerPort").asString()).isEqualTo(environment(objects).get("SERVER_PORT"));
		assertThat(probes(objects)).hasSize(3)
			.allSatisfy((probe) -> assertThat(probe.path("port").asString()).isEqualTo(name));
		JsonNode service = objects.path("Service").at("/spec/ports/0");
		assertThat(service.path("targetPort").asString()).isEqualTo(name);
		assertThat(service.path("port").asInt()).isEqualTo(chart.merged().at("/service/port").asInt());
		if (chart.equals(Chart.EVERYTHING)) {
			String its = service.path("name").asString();
			assertThat(objects.path("ServiceMonitor").at("/spec/endpoints/0/port").asString()).isEqualTo(its);
			assertThat(objects.path("Ingress").findValues("service")).hasSize(2).allSatisfy((backend) -> {
				assertThat(backend.at("/name").asString()).isEqualTo("stowage");
				assertThat(backend.at("/port/name").asString()).isEqualTo(its);
			});
		}
	}

	@Test
	void asksWhatTheServerAnswers() {
		JsonNode objects = Chart.EVERYTHING.objects();
		JsonNode monitor = objects.path("ServiceMonitor").at("/spec/endpoints/0");
		JsonNode credentials = monitor.at("/authorization/credentials");
		assertThat(credentials.path("name").asString()).isEqualTo("stowage");
		String key = secret(objects, credentials.path("key").asString());
		try (StowageServer server = StowageServer.start(this.folder, "stowage.metrics-key=" + key)) {
			assertThat(probes(objects)).allSatisfy((probe) -> assertThat(status(server, probe)).isEqualTo(200));
			assertThat(server.with(key).get(monitor.path("path").asString()).status()).isEqualTo(200);
			assertThat(Scrape.of(server, key).names()).isNotEmpty();
			server.loseDatabase();
			JsonNode container = container(objects);
			assertThat(status(server, container.at("/readinessProbe/httpGet"))).isEqualTo(503);
			assertThat(status(server, container.at("/livenessProbe/httpGet"))).as("a restart would not help")
				.isEqualTo(200);
		}
	}

	private static int status(StowageServer server, JsonNode probe) {
		return server.with("").get(probe.path("path").asString()).status();
	}

	@Test
	void readsMetricsWithTheKeyOfTheUsersSecretUnlessTheReleaseHasOne() {
		JsonNode monitor = Chart.EXTERNAL.objects("serviceMonitor.enabled=true", "existingSecret=my-keys")
			.path("ServiceMonitor");
		assertThat(monitor.at("/spec/endpoints/0/authorization/credentials/name").asString()).isEqualTo("my-keys");
	}

	@ParameterizedTest
	@MethodSource("dev.stowage.support.Chart#all")
	void waitsForTheSumOfTheTimesThatAStopTakes(Chart chart) {
		Map<String, String> environment = environment(chart.objects());
		Duration sum = time(environment, "STOWAGE_SHUTDOWN_DELAY")
			.plus(time(environment, "SPRING_LIFECYCLE_TIMEOUT_PER_SHUTDOWN_PHASE"))
			.plusSeconds(15);
		assertThat(pod(chart.objects()).path("terminationGracePeriodSeconds").asLong()).isEqualTo(sum.toSeconds());
	}

	private static Duration time(Map<String, String> environment, String name) {
		return DurationStyle.detectAndParse(Objects.requireNonNull(environment.get(name)));
	}

	@ParameterizedTest
	@CsvSource({ "60, 12", "61, 12", "1200, 240" })
	void restartsAPodThatDoesNotStartInTime(int seconds, int failures) {
		JsonNode probe = container(Chart.EXTERNAL.objects("startSeconds=" + seconds)).path("startupProbe");
		assertThat(probe.path("periodSeconds").asInt()).isEqualTo(5);
		assertThat(probe.path("failureThreshold").asInt()).isEqualTo(failures);
	}

	@ParameterizedTest
	@MethodSource("dev.stowage.support.Chart#all")
	void showsNoSecretInAPod(Chart chart) {
		JsonNode objects = chart.objects();
		JsonNode secrets = chart.merged().path("secrets");
		secrets.properties()
			.forEach((secret) -> assertThat(secret(objects, secret.getKey())).isEqualTo(secret.getValue().asString()));
		objects.properties().forEach((object) -> {
			if (!object.getKey().equals(SECRET)) {
				assertThat(secrets)
					.allSatisfy((secret) -> assertThat(object.getValue().toString()).doesNotContain(secret.asString(),
							Base64.getEncoder().encodeToString(secret.asString().getBytes(StandardCharsets.UTF_8))));
			}
		});
		assertThat(objects.has(SECRET)).isEqualTo(!secrets.isEmpty());
	}

	@Test
	void givesThePodTheSecretsOfTheReleaseAndOfTheUser() {
		assertThat(sources(Chart.EMBEDDED.objects())).isEmpty();
		assertThat(sources(Chart.EMBEDDED.objects("existingSecret=mine"))).containsExactly("mine");
		assertThat(sources(Chart.EXTERNAL.objects())).containsExactly("stowage");
		// the last one takes precedence
		assertThat(sources(Chart.EVERYTHING.objects())).containsExactly("stowage-keys", "stowage");
	}

	private static List<String> sources(JsonNode objects) {
		return container(objects).path("envFrom")
			.valueStream()
			.map((source) -> source.at("/secretRef/name").asString())
			.toList();
	}

	@Test
	void replacesThePodsWhenASecretChanges() {
		assertThat(Chart.EXTERNAL.objects("secrets.STOWAGE_ADMIN_KEY=0123456789abcdefg").path("Deployment"))
			.isNotEqualTo(Chart.EXTERNAL.objects().path("Deployment"));
	}

	@ParameterizedTest
	@MethodSource("dev.stowage.support.Chart#all")
	void confinesTheProcess(Chart chart) {
		JsonNode objects = chart.objects();
		JsonNode pod = pod(objects);
		assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
		assertThat(pod.at("/securityContext/seccompProfile/type").asString()).isEqualTo("RuntimeDefault");
		assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
		// otherwise its port would look like a setting
		assertThat(pod.path("enableServiceLinks").asBoolean(true)).isFalse();
		JsonNode container = container(objects);
		assertThat(container.path("securityContext")).hasToString("{\"allowPrivilegeEscalation\":false,"
				+ "\"readOnlyRootFilesystem\":true,\"capabilities\":{\"drop\":[\"ALL\"]}}");
		assertThat(container.at("/resources/limits/memory").asString()).isNotEmpty();
		assertThat(container.findValuesAsString("mountPath"))
			.containsExactlyElementsOf(chart.equals(Chart.EMBEDDED) ? List.of("/tmp", "/data") : List.of("/tmp"));
		assertThat(pod.at("/volumes/0/emptyDir/sizeLimit").asString()).isNotEmpty();
	}

	@Test
	void keepsDataOnTheVolumeAsTheUserOfTheImage() {
		JsonNode objects = Chart.EMBEDDED.objects();
		JsonNode set = objects.path("StatefulSet");
		assertThat(set.at("/spec/volumeClaimTemplates/0/metadata/name").asString())
			.isEqualTo(container(objects).at("/volumeMounts/1/name").asString());
		assertThat(environment(objects)).containsEntry("STOWAGE_DATA_DIR", "/data/stowage");
		assertThat(pod(objects).at("/securityContext/fsGroup"))
			.isEqualTo(pod(objects).at("/securityContext/runAsUser"));
		assertThat(set.at("/spec/replicas").asInt()).isEqualTo(1);
	}

	@Test
	void leavesTheNumberOfPodsToTheAutoscaler() {
		JsonNode objects = Chart.EVERYTHING.objects();
		JsonNode autoscaler = objects.path("HorizontalPodAutoscaler").path("spec");
		assertThat(autoscaler.at("/scaleTargetRef/kind").asString()).isEqualTo("Deployment");
		assertThat(autoscaler.at("/scaleTargetRef/name").asString())
			.isEqualTo(objects.path("Deployment").at("/metadata/name").asString());
		assertThat(autoscaler.path("minReplicas").asInt()).isEqualTo(3);
		assertThat(autoscaler.path("maxReplicas").asInt()).isEqualTo(9);
		assertThat(autoscaler.at("/metrics/0/resource/target/averageUtilization").asInt()).isEqualTo(60);
		assertThat(objects.path("Deployment").path("spec").has("replicas")).isFalse();
		assertThat(Chart.EXTERNAL.objects().path("Deployment").at("/spec/replicas").asInt()).isEqualTo(3);
	}

	@Test
	void putsValuesIntoTheFieldsThatTheyAreFor() {
		JsonNode objects = Chart.EVERYTHING.objects();
		assertThat(container(objects).path("image").asString()).isEqualTo("images.example/stowage:1");
		assertThat(container(objects).path("imagePullPolicy").asString()).isEqualTo("Always");
		assertThat(pod(objects).at("/nodeSelector/disk").asString()).isEqualTo("fast");
		assertThat(pod(objects).path("topologySpreadConstraints")).hasSize(1);
		assertThat(objects.path("ServiceAccount").at("/metadata/annotations/eks.amazonaws.com~1role-arn").asString())
			.isEqualTo("arn:aws:iam::123456789012:role/stowage");
		assertThat(objects.path("ServiceMonitor").at("/metadata/labels/release").asString()).isEqualTo("prometheus");
		JsonNode ingress = objects.path("Ingress").path("spec");
		assertThat(ingress.path("ingressClassName").asString()).isEqualTo("public");
		assertThat(ingress.findValuesAsString("host")).containsExactly("files.example");
		assertThat(ingress.findValuesAsString("path")).containsExactly("/v1", "/openai");
		assertThat(ingress.path("tls").toString())
			.isEqualTo("[{\"hosts\":[\"files.example\"],\"secretName\":\"files-certificate\"}]");
		assertThat(environment(objects)).containsEntry("STOWAGE_S3_PATH_STYLE", "true")
			.containsEntry("STOWAGE_S3_PUBLIC_ENDPOINT", "https://objects.example")
			.containsEntry("SPRING_DATASOURCE_USERNAME", "files");
	}

	@Test
	void usesTheServiceAccountOfTheUser() {
		JsonNode objects = Chart.EXTERNAL.objects("serviceAccount.name=mine");
		assertThat(objects.has("ServiceAccount")).isFalse();
		assertThat(pod(objects).path("serviceAccountName").asString()).isEqualTo("mine");
		assertThat(pod(Chart.EXTERNAL.objects()).path("serviceAccountName"))
			.isEqualTo(Chart.EXTERNAL.objects().at("/ServiceAccount/metadata/name"));
	}

	@Test
	void passesNumbersAsTheyAreWritten() {
		assertThat(environment(Chart.EMBEDDED.objects())).containsEntry("STOWAGE_MAX_REQUESTS", "1073741824")
			.containsEntry("STOWAGE_SWEEP_MAX_SHARE", "0.25")
			.containsEntry("STOWAGE_AUDIT", "true");
	}

	@Test
	void saysHowToReachTheServerAndItsFirstKey() {
		assertThat(Chart.EMBEDDED.notes()).contains("the volume data-stowage-0", "rollout status statefulset/stowage",
				"port-forward service/stowage 8080:8080", "logs -l app.kubernetes.io/instance=stowage",
				"grep API_KEY=");
		assertThat(Chart.EXTERNAL.notes()).contains("rollout status deployment/stowage", "http://stowage.files:8080",
				"The keys are those in STOWAGE_API_KEYS");
		assertThat(Chart.EVERYTHING.notes()).contains("The URL is https://files.example\n");
	}

	@Test
	void rendersTheValuesThatOperationsShow() throws IOException {
		String shown = new Page(Path.of("src/docs/operations.md")).blocks()
			.stream()
			.filter((block) -> block.kind().equals("yaml") && block.text().startsWith("image: "))
			.map(Page.Block::text)
			.findFirst()
			.orElseThrow();
		JsonNode objects = new Chart(Files.writeString(this.folder.resolve("files.yaml"), shown)).objects();
		assertThat(objects.propertyNames()).containsOnly("ServiceAccount", "Service", "Deployment",
				"PodDisruptionBudget", "Ingress", "ServiceMonitor");
		assertThat(Chart.defaults("image.repository=registry.example/stowage"))
			.contains("image: registry.example/stowage:");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
			replicas=2 | Several pods cannot share SQLite and the embedded store. Set database.url and s3.bucket, or
			autoscaling.enabled=true | Several pods cannot share SQLite and the embedded store.
			s3.bucket=files | Set both database.url and s3.bucket, or neither.
			database.url=jdbc:postgresql://db/stowage | Set both database.url and s3.bucket, or neither.
			s3.endpoint=http://s3 | The embedded store has no endpoint
			s3.pathStyle=true | The embedded store has no endpoint
			ingress.enabled=true | ingress.enabled needs ingress.host
			ingress.paths[0]=/ | ingress.paths must not publish /, because
			ingress.paths[0]=/actuator/health | ingress.paths must not publish /actuator/health, because
			serviceMonitor.enabled=true | serviceMonitor.enabled needs STOWAGE_METRICS_KEY
			autoscaling.minReplicas=9 | autoscaling.minReplicas is larger than autoscaling.maxReplicas
			settings.SERVER_PORT=80 | The chart sets SERVER_PORT itself.
			settings.STOWAGE_S3_BUCKET=files | The chart sets STOWAGE_S3_BUCKET itself.
			secrets.SPRING_DATASOURCE_URL=jdbc:postgresql://db/a | The chart sets SPRING_DATASOURCE_URL itself.
			database.url=jdbc:sqlite:a | '/database/url': 'jdbc:sqlite:a' does not match pattern
			replcas=1 | additional properties 'replcas' not allowed
			service.prot=1 | at '/service': additional properties 'prot' not allowed
			settings.max-file-size=1GB | 'max-file-size' does not match pattern
			pod.containers=a | at '/pod': additional properties 'containers' not allowed
			""")
	void refusesWhatCannotWorkOnAVolume(String value, String reason) {
		assertThatIllegalStateException().isThrownBy(() -> Chart.defaults(value)).withMessageContaining(reason);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			s3.bucket=embedded | s3.bucket must name a bucket of an external store.
			database.url=jdbc:postgresql://me:it@db/stowage | database.url must hold no user and no password.
			database.url=jdbc:postgresql://db/stowage?Password=it | database.url must hold no user and no password.
			resources.requests.cpu= | autoscaling compares the load with resources.requests.cpu.
			""")
	void refusesWhatCannotWorkWithAServerAndABucket(String value, String reason) {
		assertThatIllegalStateException().isThrownBy(() -> Chart.EVERYTHING.text(value)).withMessageContaining(reason);
	}

	private static JsonNode workload(JsonNode objects) {
		return objects.has("Deployment") ? objects.path("Deployment") : objects.path("StatefulSet");
	}

	private static JsonNode pod(JsonNode objects) {
		return workload(objects).at("/spec/template/spec");
	}

	private static JsonNode container(JsonNode objects) {
		return pod(objects).at("/containers/0");
	}

	private static List<JsonNode> probes(JsonNode objects) {
		return container(objects).findValues("httpGet");
	}

	private static Map<String, String> environment(JsonNode objects) {
		return Chart.environment(container(objects));
	}

	private static String secret(JsonNode objects, String name) {
		String data = objects.path(SECRET).path("data").path(name).asString();
		return new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8);
	}

}
