"""Adds the sort key of names and the number that changes with every change of the city's tables."""

from django.db import migrations

from shaar.city.rules import LATIN, SORT_FROM, SORT_TO

TABLES = (
    "unit",
    "unitversion",
    "territory",
    "territoryversion",
    "alias",
    "workinghours",
    "holiday",
    "calendarday",
)

SORT_KEY = f"""
CREATE FUNCTION city_sort_key(name text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN translate(name, '{SORT_FROM}{LATIN.upper()}', '{SORT_TO}{LATIN}') COLLATE "C";
"""

REVISION = """
CREATE SEQUENCE city_revision_number;
CREATE FUNCTION city_note_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO city_revision (id, number) VALUES (1, nextval('city_revision_number'))
    ON CONFLICT (id) DO UPDATE SET number = excluded.number;
    RETURN NULL;
END $$;
"""

WATCH = "".join(
    f"""CREATE TRIGGER city_note_revision AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON city_{table}
    FOR EACH STATEMENT EXECUTE FUNCTION city_note_revision();\n"""
    for table in TABLES
)
UNWATCH = "".join(f"DROP TRIGGER city_note_revision ON city_{table};\n" for table in TABLES)


class Migration(migrations.Migration):
    dependencies = [("city", "0001_initial")]

    operations = [
        migrations.RunSQL(SORT_KEY, "DROP FUNCTION city_sort_key(text)"),
        migrations.RunSQL(REVISION, "DROP FUNCTION city_note_revision(); DROP SEQUENCE city_revision_number"),
        migrations.RunSQL(WATCH, UNWATCH),
    ]
