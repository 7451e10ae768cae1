"""Makes `ledger_cells` find the last fact of a cell without sorting: most cells hold one fact.

An aggregate that is strict takes a cell's only fact as it is; only further ones are compared.
"""

from django.db import migrations

LATEST = """
CREATE FUNCTION ledger_later(one ledger_last, other ledger_last) RETURNS ledger_last
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    IF one >= other THEN RETURN one; END IF;
    RETURN other;
END $$;
CREATE AGGREGATE ledger_latest(ledger_last) (
    SFUNC = ledger_later, STYPE = ledger_last, COMBINEFUNC = ledger_later, PARALLEL = SAFE
);
"""

CELLS = """
CREATE OR REPLACE FUNCTION ledger_cells(batches bigint[])
RETURNS TABLE (
    batch bigint, series_id integer, unit_id integer, territory_id integer, day date, covers smallint,
    facts integer, valued integer, inexact integer, disputed integer, unstated integer,
    total numeric, upper numeric,
    last ledger_last
)
LANGUAGE sql STABLE AS $$
    SELECT f.id >> 24, f.series_id, f.unit_id, f.territory_id, f.day, f.covers,
        sum(f.sign)::integer,
        coalesce(sum(f.sign) FILTER (WHERE f.quantity IS NOT NULL), 0)::integer,
        coalesce(sum(f.sign) FILTER (WHERE f.qualifier BETWEEN 1 AND 3), 0)::integer,
        coalesce(sum(f.sign) FILTER (WHERE f.qualifier = 4), 0)::integer,
        coalesce(sum(f.sign) FILTER (WHERE NOT f.period_stated), 0)::integer,
        sum(f.quantity), sum(coalesce(f.upper, f.quantity)),
        %s
    FROM (SELECT *, CASE WHEN reverses IS NULL THEN 1 ELSE -1 END AS sign FROM ledger_fact) f
    LEFT JOIN ledger_reversal r ON r.fact = f.id
    WHERE f.id >= (SELECT min(b) << 24 FROM unnest(batches) b)
        AND f.id < (SELECT (max(b) + 1) << 24 FROM unnest(batches) b)
        AND f.id >> 24 = ANY(batches)
        AND f.happened_at >= (SELECT min(first_at) FROM ledger_batch WHERE id = ANY(batches))
        AND f.happened_at <= (SELECT max(last_at) FROM ledger_batch WHERE id = ANY(batches))
    GROUP BY 1, 2, 3, 4, 5, 6
$$;
"""
LAST = "ROW(f.happened_at, f.id, f.quantity, f.upper, f.qualifier)::ledger_last"
STANDING = "FILTER (WHERE f.reverses IS NULL AND r.fact IS NULL)"
COMPARED = f"ledger_latest({LAST}) {STANDING}"
SORTED = f"(array_agg({LAST} ORDER BY f.happened_at DESC, f.id DESC) {STANDING})[1]"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.RunSQL(LATEST, "DROP AGGREGATE ledger_latest(ledger_last); DROP FUNCTION ledger_later"),
        migrations.RunSQL(CELLS % COMPARED, CELLS % SORTED),
    ]
