-- What was ordered at once and waits for its approval is looked for at every look at the approvals.
CREATE INDEX broadcasts_waiting ON broadcasts (bulletin) WHERE kind = 'now' AND planned_once = 0 AND deleted_us = 0;
