"""Makes the tables of rollups: cells with their fresh rows, two coarse levels, and the batches they hold."""

from django.db import migrations

COUNTS = """
    facts bigint NOT NULL, valued bigint NOT NULL, inexact bigint NOT NULL, disputed bigint NOT NULL,
    unstated bigint NOT NULL, total numeric, upper numeric
"""

CELL = """
    series_id integer NOT NULL, unit_id integer NOT NULL, territory_id integer NOT NULL, day date NOT NULL,
    batch bigint NOT NULL, last_at timestamptz, last_id bigint, covers smallint NOT NULL,
    last_qualifier smallint, facts integer NOT NULL, valued integer NOT NULL, inexact integer NOT NULL,
    disputed integer NOT NULL, unstated integer NOT NULL,
    total numeric, upper numeric, last_quantity numeric, last_upper numeric
"""

TABLES = f"""
CREATE TABLE indicators_rollup_applied (batch bigint PRIMARY KEY);
CREATE TABLE indicators_rollup_fresh ({CELL});
CREATE TABLE indicators_rollup_cell ({CELL});
CREATE INDEX ON indicators_rollup_cell (series_id, day);
CREATE TABLE indicators_rollup_series (
    series_id integer NOT NULL, covers smallint NOT NULL, {COUNTS},
    PRIMARY KEY (series_id, covers)
) WITH (fillfactor = 70);
CREATE TABLE indicators_rollup_month (
    series_id integer NOT NULL, covers smallint NOT NULL, month date NOT NULL, {COUNTS},
    PRIMARY KEY (series_id, covers, month)
) WITH (fillfactor = 70);
CREATE TABLE indicators_rollup_unit (
    series_id integer NOT NULL, covers smallint NOT NULL, unit_id integer NOT NULL, {COUNTS},
    PRIMARY KEY (series_id, covers, unit_id)
) WITH (fillfactor = 70);
"""

DROP = """
DROP TABLE indicators_rollup_applied, indicators_rollup_fresh, indicators_rollup_cell,
    indicators_rollup_series, indicators_rollup_month, indicators_rollup_unit;
"""


class Migration(migrations.Migration):
    dependencies = [("indicators", "0001_initial"), ("ledger", "0001_initial")]

    operations = [migrations.RunSQL(TABLES, DROP)]
