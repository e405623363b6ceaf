-- From an occurrence on: how often it plays in a row, and what becomes of it beside others. NULL = as before.

ALTER TABLE broadcast_overrides ADD COLUMN repeat_count INTEGER;
ALTER TABLE broadcast_overrides ADD COLUMN repeat_gap_s INTEGER;
ALTER TABLE broadcast_overrides ADD COLUMN on_preempt TEXT CHECK (on_preempt IN ('resume', 'restart', 'drop'));
ALTER TABLE broadcast_overrides ADD COLUMN filler INTEGER;
