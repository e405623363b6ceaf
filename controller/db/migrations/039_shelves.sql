-- What is looked for among tens of thousands: bulletins and programmes, by word without marks, by
-- area and by state. A shelf numbers them in the order in which they were made, so that a page is
-- walked from the newest; the index knows nothing but words and gives numbers back. It is written
-- by registry/shelf_store.c, since SQLite lets no trigger write one where schemas are not trusted.
-- Prefixes of one and two letters are kept: without them the first letter typed costs 26 ms at
-- 50,000 bulletins, with them 0.2 ms.

CREATE TABLE bulletin_shelf (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE REFERENCES bulletins (id)
) STRICT;
CREATE VIRTUAL TABLE bulletin_words USING fts5(words, places, marks, content = '', detail = 'column',
    prefix = '1 2', tokenize = 'unicode61 remove_diacritics 2');
-- The newest version. "đ" is a letter of its own and loses its stroke here.
CREATE VIEW bulletin_terms AS
SELECT k.seq, k.id,
    replace(replace(v.title || ' ' || v.author_name || ' ' || coalesce(v.text, ''), 'đ', 'd'), 'Đ', 'd') AS words,
    a.path AS places,
    v.state || ' ' || v.author || ' ' || b.area || CASE WHEN v.source IS NULL THEN ' sound' ELSE ' relay' END
        || CASE WHEN b.approved IS NULL THEN '' ELSE ' airs' END AS marks
FROM bulletin_shelf k JOIN bulletins b ON b.id = k.id JOIN bulletin_versions v ON v.id = b.newest
    JOIN areas a ON a.id = b.area;

INSERT INTO bulletin_shelf (id) SELECT id FROM bulletins ORDER BY created_us, id;
INSERT INTO bulletin_words (rowid, words, places, marks)
SELECT seq, words, places, marks FROM bulletin_terms ORDER BY seq;

CREATE TABLE programme_shelf (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE REFERENCES programmes (id)
) STRICT;
CREATE VIRTUAL TABLE programme_words USING fts5(words, places, marks, content = '', detail = 'column',
    prefix = '1 2', tokenize = 'unicode61 remove_diacritics 2');
CREATE VIEW programme_terms AS
SELECT k.seq, k.id,
    replace(replace(p.title || ' ' || p.created_by_name, 'đ', 'd'), 'Đ', 'd') AS words,
    a.path AS places, 'made' AS marks
FROM programme_shelf k JOIN programmes p ON p.id = k.id AND p.deleted_us = 0 JOIN areas a ON a.id = p.area;

INSERT INTO programme_shelf (id) SELECT id FROM programmes ORDER BY created_us, id;
INSERT INTO programme_words (rowid, words, places, marks)
SELECT seq, words, places, marks FROM programme_terms ORDER BY seq;

-- Both lists go by the shelf now.
DROP INDEX bulletins_created;
DROP INDEX programmes_created;
