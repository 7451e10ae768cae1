# ruff: noqa: S608 the SQL is put together from the constants below
"""Writes each cell of rollups once, and keeps in the coarse levels what is read from them.

What was fresh are the cells of batches that the coarse levels do not hold yet.
"""

from django.db import migrations

FORTH = """
ALTER TABLE indicators_rollup_applied
    ADD COLUMN cells integer NOT NULL DEFAULT 0,
    ADD COLUMN is_summed boolean NOT NULL DEFAULT true;
UPDATE indicators_rollup_applied a SET is_summed = false, cells = f.cells
    FROM (SELECT batch, count(*) AS cells FROM indicators_rollup_fresh GROUP BY batch) f
    WHERE a.batch = f.batch;
ALTER TABLE indicators_rollup_applied ALTER COLUMN is_summed SET DEFAULT false;
CREATE INDEX indicators_rollup_waiting ON indicators_rollup_applied (batch) WHERE NOT is_summed;
INSERT INTO indicators_rollup_cell SELECT * FROM indicators_rollup_fresh;
DROP TABLE indicators_rollup_fresh;
CREATE INDEX indicators_rollup_cell_batch ON indicators_rollup_cell USING brin (batch);
ALTER INDEX indicators_rollup_cell_series_id_day_idx RENAME TO indicators_rollup_cell_day;
"""

BACK = """
CREATE TABLE indicators_rollup_fresh (LIKE indicators_rollup_cell);
WITH taken AS (
    DELETE FROM indicators_rollup_cell c USING indicators_rollup_applied a
    WHERE a.batch = c.batch AND NOT a.is_summed RETURNING c.*
)
INSERT INTO indicators_rollup_fresh SELECT * FROM taken;
DROP INDEX indicators_rollup_cell_batch;
ALTER INDEX indicators_rollup_cell_day RENAME TO indicators_rollup_cell_series_id_day_idx;
DROP INDEX indicators_rollup_waiting;
ALTER TABLE indicators_rollup_applied DROP COLUMN cells, DROP COLUMN is_summed;
"""
LEVELS = ("series", "month", "unit")
NARROW = "".join(
    f"""
ALTER TABLE indicators_rollup_{level} ADD COLUMN rough bigint NOT NULL DEFAULT 0;
UPDATE indicators_rollup_{level} SET rough = inexact + disputed;
ALTER TABLE indicators_rollup_{level} ALTER COLUMN rough DROP DEFAULT,
    DROP COLUMN valued, DROP COLUMN inexact, DROP COLUMN disputed, DROP COLUMN unstated, DROP COLUMN upper;
"""
    for level in LEVELS
)


class Migration(migrations.Migration):
    dependencies = [("indicators", "0002_rollups"), ("ledger", "0002_latest")]

    operations = [migrations.RunSQL(FORTH, BACK), migrations.RunSQL(NARROW)]
