package dev.stowage.api.admin;

import java.io.IOException;
import java.io.InputStream;

import dev.stowage.keys.Keys;
import dev.stowage.owner.Projects;
import org.jspecify.annotations.Nullable;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Creates, lists, names and archives projects, which are the owners of files. */
@RestController
class ProjectController {

	private final Projects projects;

	private final Keys keys;

	private final ProjectPath path;

	ProjectController(Projects projects, Keys keys, ProjectPath path) {
		this.projects = projects;
		this.keys = keys;
		this.path = path;
	}

	@GetMapping("/v1/organization/projects")
	ListResource<ProjectResource> list(@RequestParam @Nullable String after, @RequestParam @Nullable String limit,
			@RequestParam(name = "include_archived", defaultValue = "false") boolean archived) {
		PageQuery page = PageQuery.of(after, limit);
		return ListResource.of(this.projects.list(page.after(), archived, page.lookAhead()), page.limit(),
				ProjectResource::of, (project) -> project.owner().name());
	}

	@PostMapping("/v1/organization/projects")
	ProjectResource create(InputStream body) throws IOException {
		String name = AdminBody.read(body).name();
		return ProjectResource.of(AdminBody.make(() -> this.projects.create(name)));
	}

	@GetMapping("/v1/organization/projects/{project}")
	ProjectResource get(@PathVariable String project) {
		return ProjectResource.of(this.path.find(project));
	}

	@PostMapping("/v1/organization/projects/{project}")
	ProjectResource rename(@PathVariable String project, InputStream body) throws IOException {
		String name = AdminBody.read(body).name();
		return AdminBody.make(() -> this.projects.rename(ProjectPath.owner(project), name))
			.map(ProjectResource::of)
			.orElseThrow(ProjectPath::missing);
	}

	@PostMapping("/v1/organization/projects/{project}/archive")
	ProjectResource archive(@PathVariable String project) {
		return this.keys.archive(ProjectPath.owner(project)).map(ProjectResource::of).orElseThrow(ProjectPath::missing);
	}

}
