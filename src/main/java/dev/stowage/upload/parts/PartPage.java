package dev.stowage.upload.parts;

import java.util.List;

/**
 * Some parts of an upload, in the order in which they began.
 *
 * @param hasMore whether more follow
 */
public record PartPage(List<UploadPart> parts, boolean hasMore) {
}
