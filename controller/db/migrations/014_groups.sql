-- Groups across communes ("liên xã"): a named set of areas and stations, made at an area. Members
-- beyond that area belong only once their own leaders accept.

CREATE TABLE area_groups (
    id TEXT PRIMARY KEY,
    area TEXT NOT NULL REFERENCES areas (id), -- where it was made
    name TEXT NOT NULL,
    search TEXT NOT NULL,
    created_by_name TEXT NOT NULL,
    created_us INTEGER NOT NULL
) STRICT;
CREATE INDEX area_groups_area ON area_groups (area);

CREATE TABLE area_group_members (
    in_group TEXT NOT NULL REFERENCES area_groups (id),
    kind TEXT NOT NULL CHECK (kind IN ('area', 'station')),
    member TEXT NOT NULL,
    position INTEGER NOT NULL,
    -- What its own area said; without meaning while the member lies below the area of the group.
    state TEXT NOT NULL CHECK (state IN ('requested', 'accepted', 'refused', 'withdrawn')),
    accepted_area TEXT, -- for which area it was accepted: a station that moves away leaves it
    asked_by_name TEXT NOT NULL,
    asked_us INTEGER NOT NULL,
    answered_by_name TEXT,
    answered_us INTEGER NOT NULL DEFAULT 0,
    reason TEXT,
    PRIMARY KEY (in_group, kind, member)
) STRICT, WITHOUT ROWID;
CREATE INDEX area_group_members_member ON area_group_members (member);
CREATE INDEX area_group_members_accepted ON area_group_members (accepted_area)
    WHERE state = 'accepted';

-- A broadcast may name a group.
CREATE TABLE broadcast_targets_new (
    broadcast TEXT NOT NULL REFERENCES broadcasts (id),
    position INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('area', 'station', 'group')),
    target TEXT NOT NULL,
    exclude INTEGER NOT NULL,
    PRIMARY KEY (broadcast, position)
) STRICT, WITHOUT ROWID;
INSERT INTO broadcast_targets_new (broadcast, position, kind, target, exclude)
SELECT broadcast, position, kind, target, exclude FROM broadcast_targets;
DROP TABLE broadcast_targets;
ALTER TABLE broadcast_targets_new RENAME TO broadcast_targets;
CREATE INDEX broadcast_targets_group ON broadcast_targets (target) WHERE kind = 'group';
