package dev.stowage.support;

import dev.stowage.database.TestDatabase;
import dev.stowage.file.FileRows;
import dev.stowage.sweep.SweepRows;
import dev.stowage.upload.UploadRows;
import dev.stowage.upload.append.AppendRows;
import dev.stowage.upload.parts.PartRows;
import dev.stowage.upload.pending.PendingRows;

/** The rows of files in one database, as each of the packages sees them. */
public record Rows(FileRows files, UploadRows uploads, PendingRows pending, PartRows parts, AppendRows appended,
		SweepRows sweeping) {

	public Rows(TestDatabase database) {
		this(database, new Faults());
	}

	/** Repositories whose calls fail as the test requests. */
	public Rows(TestDatabase database, Faults faults) {
		this(new FileRows(database, faults), new UploadRows(database, faults), new PendingRows(database, faults),
				new PartRows(database, faults), new AppendRows(database, faults), new SweepRows(database, faults));
	}

}
