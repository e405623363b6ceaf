-- A token that reads the calendar of one area, for a program that can only be given an address.
ALTER TABLE tokens ADD COLUMN calendar TEXT; -- id of the area; NULL = a token of a program
