-- Every step of every version: who submitted, approved, rejected or withdrew it, when, and for whom.

CREATE TABLE approvals (
    seq INTEGER PRIMARY KEY,
    bulletin TEXT NOT NULL REFERENCES bulletins (id),
    version TEXT NOT NULL REFERENCES bulletin_versions (id),
    act TEXT NOT NULL CHECK (act IN ('submit', 'approve', 'reject', 'withdraw')),
    scope TEXT NOT NULL REFERENCES areas (id), -- the widest area it was meant for
    class TEXT NOT NULL,                       -- the highest class it was meant for
    by_user TEXT NOT NULL REFERENCES users (id),
    by_name TEXT NOT NULL, -- as it was then
    at_us INTEGER NOT NULL,
    reason TEXT
) STRICT;
CREATE INDEX approvals_version ON approvals (version, seq);
CREATE INDEX approvals_bulletin ON approvals (bulletin, seq);

-- Where and as what a version may air: written once enough people have approved it for that.
CREATE TABLE approved_scopes (
    version TEXT NOT NULL REFERENCES bulletin_versions (id),
    scope TEXT NOT NULL REFERENCES areas (id),
    class TEXT NOT NULL CHECK (class IN ('normal', 'priority')),
    at_us INTEGER NOT NULL,
    PRIMARY KEY (version, scope, class)
) STRICT, WITHOUT ROWID;

-- What was approved before scopes were noted may air as before.
INSERT INTO approved_scopes (version, scope, class, at_us)
SELECT v.id, b.area, 'priority', v.updated_us
FROM bulletin_versions v JOIN bulletins b ON b.id = v.bulletin WHERE v.state = 'approved';

INSERT INTO approvals (bulletin, version, act, scope, class, by_user, by_name, at_us, reason)
SELECT b.id, v.id, CASE v.state WHEN 'rejected' THEN 'reject' ELSE 'approve' END, b.area, 'priority',
    v.approver, COALESCE(v.approver_name, ''), v.updated_us, v.reject_reason
FROM bulletin_versions v JOIN bulletins b ON b.id = v.bulletin
WHERE v.approver IS NOT NULL ORDER BY v.updated_us, v.id;

-- The smallest area that holds all targets; NULL: as wide as the issuer.
ALTER TABLE broadcasts ADD COLUMN scope TEXT;
