"""Makes the tables of facts, append-only in the database itself, and the functions of the ledger's door.

The id of a fact is its batch's number times 2^24 plus its position there, so that a batch is a range of ids.
"""

from django.db import migrations

TABLES = """
CREATE SEQUENCE ledger_batch_number;
CREATE TABLE ledger_series (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    type text NOT NULL,
    measure text NOT NULL,
    dimensions jsonb NOT NULL,
    CONSTRAINT ledger_series_once UNIQUE (type, measure, dimensions)
);
CREATE TABLE ledger_unit (unit_id bigint PRIMARY KEY REFERENCES city_unit (id));
CREATE TABLE ledger_territory (territory_id bigint PRIMARY KEY REFERENCES city_territory (id));
CREATE TABLE ledger_batch (
    id bigint PRIMARY KEY,
    recorded_at timestamptz NOT NULL,
    facts integer NOT NULL CONSTRAINT ledger_batch_has_facts CHECK (facts > 0),
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL
);
CREATE TABLE ledger_key (key text PRIMARY KEY, batch bigint NOT NULL);
CREATE TABLE ledger_fact (
    id bigint NOT NULL,
    happened_at timestamptz NOT NULL,
    reverses bigint,
    series_id integer NOT NULL,
    unit_id integer NOT NULL,
    territory_id integer NOT NULL,
    day date NOT NULL,
    covers smallint NOT NULL,
    qualifier smallint NOT NULL,
    period_stated boolean NOT NULL,
    quantity numeric,
    upper numeric,
    actor text NOT NULL,
    as_written text,
    subject_module text NOT NULL,
    subject_kind text NOT NULL,
    subject_id text NOT NULL,
    subject_title text,
    subject_url text,
    evidence jsonb,
    approval jsonb,
    PRIMARY KEY (id, happened_at)
) PARTITION BY RANGE (happened_at);
CREATE INDEX ledger_fact_series ON ledger_fact (series_id, day);
CREATE TABLE ledger_reversal (
    fact bigint CONSTRAINT ledger_reversal_once PRIMARY KEY,
    reversal bigint NOT NULL UNIQUE,
    reason text NOT NULL CONSTRAINT ledger_reversal_has_reason CHECK (reason <> '')
);
"""

DROP_TABLES = """
DROP TABLE ledger_reversal, ledger_fact, ledger_key, ledger_batch, ledger_territory, ledger_unit, ledger_series;
DROP SEQUENCE ledger_batch_number;
"""

# ALWAYS: session_replication_role = replica does not switch these triggers off.
GUARDS = """
CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only: % of % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', HINT = 'Record a reversal and a new fact.';
END $$;
CREATE FUNCTION ledger_guard(guarded regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER ledger_no_change BEFORE UPDATE OR DELETE ON %s'
        ' FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()', guarded);
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER ledger_no_change', guarded);
    EXECUTE format('CREATE TRIGGER ledger_no_truncate BEFORE TRUNCATE ON %s'
        ' FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()', guarded);
END $$;
SELECT ledger_guard(name::regclass) FROM unnest(ARRAY[
    'ledger_series', 'ledger_batch', 'ledger_key', 'ledger_fact', 'ledger_reversal']) AS name;
"""

DROP_GUARDS = """
DROP FUNCTION ledger_guard(regclass);
DROP FUNCTION ledger_refuse() CASCADE;
"""

PARTITIONS = """
CREATE FUNCTION ledger_open_month(month date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    name text := 'ledger_fact_' || to_char(month, 'YYYY_MM');
BEGIN
    IF to_regclass(name) IS NOT NULL THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('ledger_open_month'));
    IF to_regclass(name) IS NOT NULL THEN
        RETURN;
    END IF;
    -- Made apart and attached: this lets others read and record meanwhile.
    EXECUTE format('CREATE TABLE %I (LIKE ledger_fact INCLUDING ALL EXCLUDING INDEXES)', name);
    EXECUTE format('ALTER TABLE ledger_fact ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', name,
        date_trunc('month', month::timestamp) AT TIME ZONE 'UTC',
        (date_trunc('month', month::timestamp) + interval '1 month') AT TIME ZONE 'UTC');
    PERFORM ledger_guard(name::regclass);
END $$;
"""

CELLS = """
CREATE TYPE ledger_last AS (
    at timestamptz, id bigint, quantity numeric, upper numeric, qualifier smallint
);
CREATE FUNCTION ledger_cells(batches bigint[])
RETURNS TABLE (
    batch bigint, series_id integer, unit_id integer, territory_id integer, day date, covers smallint,
    facts integer, valued integer, inexact integer, disputed integer, unstated integer,
    total numeric, upper numeric,
    last ledger_last
)
LANGUAGE sql STABLE AS $$
    SELECT f.id >> 24, f.series_id, f.unit_id, f.territory_id, f.day, f.covers,
        sum(CASE WHEN f.reverses IS NULL THEN 1 ELSE -1 END)::integer,
        coalesce(sum(CASE WHEN f.reverses IS NULL THEN 1 ELSE -1 END)
            FILTER (WHERE f.quantity IS NOT NULL), 0)::integer,
        coalesce(sum(CASE WHEN f.reverses IS NULL THEN 1 ELSE -1 END)
            FILTER (WHERE f.qualifier BETWEEN 1 AND 3), 0)::integer,
        coalesce(sum(CASE WHEN f.reverses IS NULL THEN 1 ELSE -1 END)
            FILTER (WHERE f.qualifier = 4), 0)::integer,
        coalesce(sum(CASE WHEN f.reverses IS NULL THEN 1 ELSE -1 END)
            FILTER (WHERE NOT f.period_stated), 0)::integer,
        sum(f.quantity), sum(coalesce(f.upper, f.quantity)),
        (array_agg(ROW(f.happened_at, f.id, f.quantity, f.upper, f.qualifier)::ledger_last
            ORDER BY f.happened_at DESC, f.id DESC) FILTER (WHERE f.reverses IS NULL AND r.fact IS NULL))[1]
    FROM ledger_fact f
    LEFT JOIN ledger_reversal r ON r.fact = f.id
    WHERE f.id >= (SELECT min(b) << 24 FROM unnest(batches) b)
        AND f.id < (SELECT (max(b) + 1) << 24 FROM unnest(batches) b)
        AND f.id >> 24 = ANY(batches)
        AND f.happened_at >= (SELECT min(first_at) FROM ledger_batch WHERE id = ANY(batches))
        AND f.happened_at <= (SELECT max(last_at) FROM ledger_batch WHERE id = ANY(batches))
    GROUP BY 1, 2, 3, 4, 5, 6
$$;
CREATE FUNCTION ledger_reversed(batches bigint[]) RETURNS TABLE (fact bigint, batch bigint)
LANGUAGE sql STABLE AS $$
    SELECT fact, fact >> 24 FROM ledger_reversal WHERE reversal >> 24 = ANY(batches)
$$;
CREATE INDEX ledger_reversal_batch ON ledger_reversal ((reversal >> 24));
"""


DROP_CELLS = """
DROP FUNCTION ledger_cells(bigint[]);
DROP FUNCTION ledger_reversed(bigint[]);
DROP TYPE ledger_last;
DROP INDEX ledger_reversal_batch;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [("city", "0001_initial")]

    operations = [
        migrations.RunSQL(TABLES, DROP_TABLES),
        migrations.RunSQL(GUARDS, DROP_GUARDS),
        migrations.RunSQL(PARTITIONS, "DROP FUNCTION ledger_open_month(date)"),
        migrations.RunSQL(CELLS, DROP_CELLS),
    ]
