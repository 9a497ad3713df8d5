-- edition:  1
-- revision: 9a0b1c2d3e4f
-- parents:  4f1c2a9b7d03
-- message:  forge them

ALTER TABLE shields ADD COLUMN forged BOOLEAN NOT NULL DEFAULT TRUE;

-- downgrade

ALTER TABLE shields DROP COLUMN forged;
