-- Lists are in the order of positions since version 2, by file_in_order_by_purpose. No statement
-- uses this index any more, which each completion wrote and which was a ninth of a row's bytes.
DROP INDEX file_by_purpose;
