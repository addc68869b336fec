package dev.stowage.file;

import org.springframework.jdbc.core.simple.JdbcClient;

/** All repositories over one database. */
record Repositories(FileRepository files, UploadRepository uploads, SweepRepository sweeping) {

	static Repositories of(JdbcClient jdbc, Changes changes, PlaceRepository places) {
		return new Repositories(new FileRepository(jdbc, changes, places), new UploadRepository(jdbc, changes),
				new SweepRepository(jdbc, changes));
	}

}
