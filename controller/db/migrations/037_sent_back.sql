-- What came back to its author is looked for at each visit of the home page, among all versions.
CREATE INDEX bulletin_versions_sent_back ON bulletin_versions (author, updated_us)
    WHERE state = 'rejected';
