package dev.stowage.api.admin;

import dev.stowage.api.RequestException;
import dev.stowage.owner.Owner;
import dev.stowage.owner.Project;
import dev.stowage.owner.Projects;

import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** Finds the project that a path names. */
@Component
class ProjectPath {

	private final Projects projects;

	ProjectPath(Projects projects) {
		this.projects = projects;
	}

	/**
	 * The project.
	 * @throws RequestException when there is none
	 */
	Project find(String id) {
		return this.projects.find(owner(id)).orElseThrow(ProjectPath::missing);
	}

	/**
	 * The project, which can have new keys.
	 * @throws RequestException when there is none, or it is archived
	 */
	Project findActive(String id) {
		Project project = find(id);
		if (project.archivedAt().isPresent()) {
			throw RequestException.invalid("project_id", "The project is archived, so it cannot have new keys.");
		}
		return project;
	}

	static Owner owner(String id) {
		try {
			return new Owner(id);
		}
		catch (IllegalArgumentException ex) {
			throw missing();
		}
	}

	static RequestException missing() {
		return new RequestException(HttpStatus.NOT_FOUND, "project_not_found", "project_id",
				"There is no project with this id.");
	}

}
