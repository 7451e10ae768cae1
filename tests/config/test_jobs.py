"""Jobs share the transaction of what caused them."""

from collections.abc import Callable, Iterator

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app

SEEN: list[str] = []


def remember(word: str) -> None:
    SEEN.append(word)


@pytest.fixture(autouse=True)
def _task() -> Iterator[None]:
    SEEN.clear()
    app.task(name="sample")(remember)
    yield
    app.tasks.pop("sample", None)


@pytest.mark.database
def test_waiting_jobs_run_at_once_in_order(run_jobs: Callable[[], int]) -> None:
    for word in ("first", "second"):
        app.configure_task("sample").defer(word=word)
    assert run_jobs() == 2
    assert SEEN == ["first", "second"]
    assert run_jobs() == 0


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_job_never_runs(run_jobs: Callable[[], int]) -> None:
    with transaction.atomic():
        app.configure_task("sample").defer(word="never")
        transaction.set_rollback(True)
    assert run_jobs() == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_tables_that_refuse_truncate_are_emptied_after_a_test(turn: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS stubborn (number int)")
        cursor.execute("SELECT count(*) FROM stubborn")
        assert cursor.fetchone() == (0,)
        cursor.execute("INSERT INTO stubborn VALUES (1)")
        cursor.execute(
            "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'append only'; END $$"
        )
        cursor.execute(
            "CREATE OR REPLACE TRIGGER refuse BEFORE TRUNCATE ON stubborn EXECUTE FUNCTION refuse()"
        )
