package dev.stowage.file;

import java.util.Optional;

/**
 * Which files to list.
 *
 * @param purpose only these; empty: all
 * @param after the position behind which to start; the file itself need not exist
 * @param limit the most files on the page
 * @param newestFirst the order of creation to list in
 */
public record FileQuery(Optional<Purpose> purpose, Optional<FileId> after, int limit, boolean newestFirst) {
}
