"""Every page kind of the project in both languages: free of axe's objections, and no wider than a telephone.

A new named address fails these tests until it is visited here, or excused with what it does instead.
"""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from playwright.sync_api import Browser, BrowserContext, Page

from shaar.access import api as access
from shaar.access.models import User
from shaar.access.sessions import CONFIRMED
from shaar.budget import amendments, treasury
from shaar.budget import pack as budget
from shaar.budget.models import Heading, Line
from shaar.kernel import clock
from shaar.kernel.periods import Period
from shaar.monitor import alerts, keeping
from shaar.monitor import pack as monitor
from shaar.monitor.models import Alert, TileState
from shaar.portal.news import services as news
from shaar.programme import importing, importwork, services
from shaar.programme.workbooks import plansheets
from shaar.ratings import objections, rounds
from shaar.ratings import pack as ratings
from shaar.ratings.models import Edition, Entry, Regulation
from shaar.reports import api as reports
from shaar.reports.proofs import keeping as proofs
from tests.budget.conftest import ROWS, sent
from tests.budget.test_amendments import change
from tests.portal.conftest import article

PROGRAMME = "bishkek-2026"
HOME, PLAN, REPORT = f"/programmes/{PROGRAMME}/", f"/staff/plans/{PROGRAMME}/", "/staff/reports/{report}/"
MEASURE = "lifts-replacement"
AMENDING = "/staff/budget/amendments/new/?year=2026&side=spending&kind=plan"
UNRATED = "/staff/ratings/rounds/{computed}/units/bishkekgorlift/"


@dataclass(frozen=True)
class Visit:
    """A page: the name of its address, the address, who looks, and the form that is sent to be refused."""

    name: str
    address: str
    who: str = ""
    refused: str = ""
    status: int = 200

    @property
    def title(self) -> str:
        """Return how a message names this visit."""
        return f"{self.name or 'no page'}{' with a refused form' if self.refused else ''}"


FORM = "main form[novalidate]"
REASON = "main form[action*='steps/'][novalidate]"
VISITS = (
    Visit("portal:home", "/"),
    Visit("portal:offline", "/offline/"),
    Visit("portal:news", "/news/"),
    Visit("portal:news", "/news/?q=nothing-is-called-so"),
    Visit("portal:push", "/news/push/"),
    Visit("portal:article", "/news/{article}/"),
    Visit("portal:data", "/data/"),
    Visit("portal:dataset", "/data/districts/"),
    Visit("portal:statistics", "/staff/statistics/", "office"),
    Visit("portal:about", "/about/"),
    Visit("portal:accessibility", "/accessibility/"),
    Visit("portal:privacy", "/privacy/"),
    Visit("portal:contacts", "/contacts/"),
    Visit("portal:staff-news", "/staff/news/", "office"),
    Visit("portal:new-article", "/staff/news/new/", "office"),
    Visit("portal:new-article", "/staff/news/new/", "office", refused=FORM),
    Visit("portal:edit-article", "/staff/news/{article}/", "office"),
    Visit("portal:edit-article", "/staff/news/{article}/", "reporter", status=403),
    Visit("portal:staff-pages", "/staff/pages/", "office"),
    Visit("portal:edit-page", "/staff/pages/about/", "office"),
    Visit("search:search", "/search/?q=школ"),
    Visit("search:search", "/search/?q=щщщщщ"),
    Visit("programme:index", "/programmes/"),
    Visit("programme:programme", HOME),
    Visit("programme:direction", f"{HOME}directions/1/"),
    Visit("programme:measures", f"{HOME}measures/"),
    Visit("programme:measures", f"{HOME}measures/?q=nothing-is-called-so"),
    Visit("programme:measure", f"{HOME}measures/{MEASURE}/"),
    Visit("indicators:index", "/indicators/"),
    Visit("indicators:indicator", "/indicators/lifts.delivered/"),
    Visit("indicators:figure", "/figures/lifts.delivered/2022/"),
    Visit("indicators:figure", "/figures/lifts.delivered/2022/?edition=1&programme=bishkek-2026&year=2022"),
    Visit("indicators:findings", "/findings/"),
    Visit("indicators:findings", "/findings/", "office"),
    Visit("reports:report", f"{HOME}reports/2022/"),
    Visit("reports:report", f"{HOME}reports/2021/", "office"),
    Visit("reports:editions", f"{HOME}reports/2022/editions/", "office"),
    Visit("reports:edition", f"{HOME}reports/2022/editions/1/"),
    Visit("maps:map", "/map/"),
    Visit("maps:map", "/map/?q=nothing-is-called-so"),
    Visit("", "/no-such-page/", status=404),
    Visit("ui:shortcuts", "/shortcuts/"),
    Visit("ui:catalogue", "/ui/"),
    Visit("ui:form", "/ui/form/"),
    Visit("ui:form", "/ui/form/", refused=FORM),
    Visit("ui:question", "/ui/question/"),
    Visit("ui:table", "/ui/table/?f-cost-from=many"),
    Visit("ui:component", "/ui/components/field/"),
    Visit("ui:shortcuts", "/shortcuts/", "office"),
    Visit("sign-in", "/sign-in/"),
    Visit("sign-in", "/sign-in/", refused=FORM),
    Visit("cases:inbox", "/staff/", "reporter"),
    Visit("cases:inbox", "/staff/?due=week&q=nothing-is-called-so", "office"),
    Visit("cases:notices", "/staff/notices/", "reporter"),
    Visit("cases:jobs", "/staff/jobs/?status=succeeded", "admin"),
    Visit("cases:health", "/staff/health/", "admin"),
    Visit("cases:channels", "/staff/channels/", "admin"),
    Visit("cases:channels", "/staff/channels/", "office", status=403),
    Visit("cases:words-list", "/staff/words/", "admin"),
    Visit("cases:words", "/staff/words/cases.assigned/ky/", "admin"),
    Visit("cases:notices", "/staff/notices/?show=unread", "office"),
    Visit("cases:notice-settings", "/staff/settings/notices/", "reporter"),
    Visit("programme:reports", "/staff/reports/", "reporter"),
    Visit("passkey", "/sign-in/passkey/"),
    Visit("confirm-email", "/email/nonsense/", status=410),
    Visit("settings", "/staff/settings/", "reporter"),
    Visit("settings", "/staff/settings/", "admin"),
    Visit("settings-security", "/staff/settings/security/", "reporter"),
    Visit("settings-confirm", "/staff/settings/security/confirm/", "reporter"),
    Visit("settings-confirm", "/staff/settings/security/confirm/", "reporter", refused=FORM),
    Visit("settings-app", "/staff/settings/security/app/", "reporter"),
    Visit("settings-app", "/staff/settings/security/app/", "reporter", refused=FORM),
    Visit("settings-passkey", "/staff/settings/security/passkey/", "reporter"),
    Visit("settings-deputies", "/staff/settings/deputies/", "reporter"),
    Visit("settings-deputies", "/staff/settings/deputies/", "reporter", refused=FORM),
    Visit("password-change", "/staff/password/", "reporter"),
    Visit("password-change", "/staff/password/", "reporter", refused=FORM),
    Visit("programme:report", REPORT, "reporter"),
    Visit("programme:report", REPORT, "reporter", refused="main form[enctype]"),
    Visit("programme:upload", f"{REPORT}upload/", "reporter"),
    Visit("programme:upload", f"{REPORT}upload/", "reporter", refused=FORM),
    Visit("indicators:passports", "/staff/passports/", "office"),
    Visit("indicators:change-passport", "/staff/passports/lighting.led_total/", "office"),
    Visit("indicators:change-passport", "/staff/passports/lighting.led_total/", "office", refused=FORM),
    Visit("indicators:rules", "/staff/rules/", "office"),
    Visit("indicators:rules", "/staff/rules/", "office", refused=FORM),
    Visit("programme:overdue", "/staff/overdue/", "office"),
    Visit("programme:new-round", "/staff/overdue/round/", "office"),
    Visit("programme:new-round", "/staff/overdue/round/", "office", refused=FORM),
    Visit("programme:overdue", "/staff/overdue/", "admin", status=403),
    Visit("programme:imports", "/staff/imports/", "office"),
    Visit("programme:new-import", "/staff/imports/new/", "office"),
    Visit("programme:new-import", "/staff/imports/new/", "office", refused=FORM),
    Visit("programme:import", "/staff/imports/{right}/", "office"),
    Visit("programme:import", "/staff/imports/{wrong}/", "office"),
    Visit("programme:plans", "/staff/plans/", "office"),
    Visit("programme:plan", PLAN, "office"),
    Visit("programme:add-measure", f"{PLAN}measures/", "office"),
    Visit("programme:add-measure", f"{PLAN}measures/", "office", refused=FORM),
    Visit("programme:change-measure", f"{PLAN}measures/{MEASURE}/", "office"),
    Visit("programme:cancel-measure", f"{PLAN}measures/{MEASURE}/cancel/", "office"),
    Visit("programme:cancel-measure", f"{PLAN}measures/{MEASURE}/cancel/", "office", refused=FORM),
    Visit("monitor:board", "/staff/monitor/", "office"),
    Visit("monitor:board", "/staff/monitor/", "admin", status=403),
    Visit("monitor:wall", "/staff/monitor/wall/", "office"),
    Visit("monitor:score", "/staff/monitor/score/", "office"),
    Visit("monitor:tile", "/staff/monitor/tiles/lighting.requests_executed/", "office"),
    Visit("monitor:digests", "/staff/monitor/digests/", "office"),
    Visit("monitor:alerts", "/staff/monitor/alerts/", "office"),
    Visit("monitor:alert", "/staff/monitor/alerts/{alert}/", "office"),
    Visit("monitor:alert", "/staff/monitor/alerts/{alert}/", "office", refused=FORM),
    Visit("ratings:public", "/ratings/"),
    Visit("ratings:edition", "/ratings/{edition}/"),
    Visit("ratings:index", "/staff/ratings/", "office"),
    Visit("ratings:index", "/staff/ratings/", "admin", status=403),
    Visit("ratings:new", "/staff/ratings/new/", "office"),
    Visit("ratings:new", "/staff/ratings/new/", "office", refused=FORM),
    Visit("ratings:new-regulation", "/staff/ratings/regulations/new/", "office"),
    Visit("ratings:new-regulation", "/staff/ratings/regulations/new/", "office", refused=FORM),
    Visit("ratings:new-regulation", "/staff/ratings/regulations/new/", "auditor", status=403),
    Visit("ratings:regulation", "/staff/ratings/regulations/{regulation}/", "office"),
    Visit("ratings:round", "/staff/ratings/rounds/{heard}/?group=enterprises", "office"),
    Visit("ratings:unit", "/staff/ratings/rounds/{heard}/units/bishkekgorlift/?next-band=1", "head"),
    Visit("ratings:unit", UNRATED, "office"),
    Visit("ratings:unit", UNRATED, "office", refused="main form[action$='/penalty/']"),
    Visit("ratings:object", "/staff/ratings/entries/{entry}/objection/", "head"),
    Visit("ratings:object", "/staff/ratings/entries/{entry}/objection/", "head", refused=FORM),
    Visit("ratings:objection", "/staff/ratings/objections/{objection}/", "office"),
    Visit("ratings:objection", "/staff/ratings/objections/{objection}/", "office", refused=FORM),
    Visit("reports:proofs", "/staff/proofs/", "office"),
    Visit("reports:proofs", "/staff/proofs/", "office", refused=FORM),
    Visit("reports:proof", "/staff/proofs/{proof}/", "office"),
    Visit("reports:proof-figures", "/staff/proofs/{proof}/figures/", "office"),
    Visit("people", "/staff/people/", "admin"),
    Visit("new-person", "/staff/people/new/", "admin"),
    Visit("new-person", "/staff/people/new/", "admin", refused=FORM),
    Visit("person", "/staff/people/reporter/", "admin"),
    Visit("edit-person", "/staff/people/reporter/edit/", "admin"),
    Visit("person-roles", "/staff/people/reporter/roles/", "admin"),
    Visit("person-roles", "/staff/people/reporter/roles/", "admin", refused="main form[novalidate]"),
    Visit("person-deputies", "/staff/people/reporter/deputies/", "admin"),
    Visit("person-deputies", "/staff/people/reporter/deputies/", "admin", refused=FORM),
    Visit("person-identity", "/staff/people/reporter/identity/", "admin"),
    Visit("person-question", "/staff/people/reporter/do/password/", "admin"),
    Visit("roles", "/staff/roles/", "admin"),
    Visit("units", "/staff/city/units/", "admin"),
    Visit("unit-new", "/staff/city/units/new/", "admin"),
    Visit("unit-new", "/staff/city/units/new/", "admin", refused=FORM),
    Visit("unit-page", "/staff/city/units/city-hall/", "admin"),
    Visit("unit-page", "/staff/city/units/city-hall/", "admin", refused="main form[action$='/end/']"),
    Visit("territories", "/staff/city/territories/", "admin"),
    Visit("territory-new", "/staff/city/territories/new/", "admin"),
    Visit("territory-page", "/staff/city/territories/leninsky/", "admin"),
    Visit("calendar", "/staff/city/calendar/?year=2022", "admin"),
    Visit("calendar", "/staff/city/calendar/", "admin", refused=FORM),
    Visit("new-holiday", "/staff/city/calendar/holidays/new/", "admin"),
    Visit("new-holiday", "/staff/city/calendar/holidays/new/", "admin", refused=FORM),
    Visit("new-role", "/staff/roles/new/", "admin"),
    Visit("new-role", "/staff/roles/new/", "admin", refused=FORM),
    Visit("audit", "/staff/audit/", "auditor"),
    Visit("budget:public", "/budget/"),
    Visit("budget:index", "/staff/budget/", "office"),
    Visit("budget:index", "/staff/budget/?year=2026&by=functional", "auditor"),
    Visit("budget:lines", "/staff/budget/lines/?year=2026", "office"),
    Visit("budget:amendments", "/staff/budget/amendments/", "auditor"),
    Visit("budget:amendment", "/staff/budget/amendments/{amendment}/", "office"),
    Visit("budget:amendment", "/staff/budget/amendments/{amendment}/", "office", refused=FORM),
    Visit("budget:new-amendment", "/staff/budget/amendments/new/", "office"),
    Visit("budget:new-amendment", AMENDING, "office"),
    Visit("budget:new-amendment", AMENDING, "office", refused=FORM),
    Visit("budget:new-amendment", AMENDING, "auditor", status=403),
    Visit("budget:codes", "/staff/budget/codes/", "auditor"),
    Visit("budget:code", "/staff/budget/codes/{code}/", "office"),
    Visit("budget:code", "/staff/budget/codes/{code}/", "office", refused=FORM),
    Visit("budget:new-code", "/staff/budget/codes/new/", "office"),
    Visit("budget:new-code", "/staff/budget/codes/new/", "office", refused=FORM),
    Visit("budget:new-code", "/staff/budget/codes/new/", "auditor", status=403),
    Visit("budget:months", "/staff/budget/months/?year=2026", "auditor"),
    Visit("budget:line", "/staff/budget/lines/{line}/", "office"),
    Visit("budget:imports", "/staff/budget/files/", "office"),
    Visit("budget:imports", "/staff/budget/files/", "auditor", status=403),
    Visit("budget:new-file", "/staff/budget/files/new/", "office"),
    Visit("budget:new-file", "/staff/budget/files/new/", "office", refused=FORM),
    Visit("budget:file", "/staff/budget/files/{treasury}/", "office"),
    Visit("budget:file", "/staff/budget/files/{faulty}/", "office"),
    Visit("budget:file", "/staff/budget/files/{treasury}/", "office", refused=FORM),
    Visit("budget:correct-file", "/staff/budget/files/{faulty}/correct/", "office"),
    Visit("budget:file-rows", "/staff/budget/files/{treasury}/rows/?row=3", "auditor"),
    Visit("audit", "/staff/audit/?since=yesterday", "auditor"),
)
FILE, STEP = "sends a file", "takes a form and leads to another page"
EXCUSED = {
    "monitor:digest": FILE,
    "monitor:alert-step": "takes a form and leads back; tests/monitor/test_pages.py sends it",
    "file": FILE,
    "search:suggest": "a part of the window that Ctrl-K opens, which tests/journeys/test_a_search.py visits",
    "programme:workbook": FILE,
    "programme:plan-workbook": FILE,
    "programme:measures-csv": FILE,
    "programme:measures-json": FILE,
    "indicators:index-csv": FILE,
    "indicators:index-json": FILE,
    "indicators:figure-json": FILE,
    "indicators:findings-csv": FILE,
    "indicators:findings-json": FILE,
    "reports:download": FILE,
    "maps:style": FILE,
    "portal:manifest": FILE,
    "portal:feed": FILE,
    "portal:catalogue": FILE,
    "portal:dataset-file": FILE,
    "portal:dataset-schema": FILE,
    "portal:article-file": FILE,
    "portal:article-step": STEP,
    "portal:article-files": STEP,
    "portal:worker": FILE,
    "maps:base": FILE,
    "maps:tiles": FILE,
    "reports:proof-download": FILE,
    "programme:import-progress": "a part of the page of an import, which is visited",
    "reports:proof-progress": "a part of the page of a text, which is visited once it is proofread",
    "sign-out": STEP,
    "ready": "answers a machine",
    "alive": "answers a machine",
    "cases:change-job": STEP,
    "cases:change-channel": STEP,
    "cases:act": STEP,
    "cases:mark-all": STEP,
    "cases:notice": STEP,
    "cases:bind": STEP,
    "cases:bell": "a part of every staff page",
    "cases:save-filter": STEP,
    "cases:change-filter": STEP,
    "second-factor": "stands behind a right password; tests/access/test_passkeys.py visits it with axe",
    "oidc-start": "leads to another site; tests/access/test_oidc.py goes there",
    "oidc-back": "is come back to from another site; tests/access/test_oidc.py does",
    "unit-end": STEP,
    "unit-merge": STEP,
    "territory-end": STEP,
    "territory-merge": STEP,
    "forget-day": STEP,
    "end-holiday": STEP,
    "take-role": STEP,
    "person-deputy": STEP,
    "role": "changes a role made here, of which the pack has none; tests/access/test_administration.py does",
    "audit-csv": FILE,
    "settings-codes": STEP,
    "settings-factor": "asks about a factor that somebody has; tests/access/test_factors.py visits it",
    "settings-session": STEP,
    "settings-sessions": STEP,
    "settings-deputy": STEP,
    "language": STEP,
    "ui:theme": STEP,
    "ui:streets": "gives the options of a list as JSON",
    "indicators:answer": STEP,
    "reports:publish": STEP,
    "reports:proof-again": STEP,
    "reports:proof-decide": STEP,
    "ratings:edition-document": FILE,
    "ratings:regulation-file": FILE,
    "ratings:read": STEP,
    "ratings:step": STEP,
    "ratings:judge": "takes a form and leads back; tests/ratings/test_rounds.py sends it",
    "ratings:penalty": "takes a form of the unit's page, which is visited refused",
    "ratings:withdraw": STEP,
    "budget:link-line": STEP,
    "budget:write-file": STEP,
    "budget:undo-file": STEP,
    "budget:cancel-file": STEP,
    "budget:take-amendment-back": STEP,
    "budget:close-code": STEP,
    "budget:resume-file": STEP,
    "budget:file-progress": "sends a part of a page, which follows a job",
    "programme:step": STEP,
    "programme:apply": STEP,
    "programme:enact": STEP,
    "programme:discard": STEP,
    "programme:approve-import": STEP,
    "programme:cancel-import": STEP,
    "programme:resume-import": STEP,
}


def names(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[str]:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from names(one.url_patterns, f"{space}{one.namespace}:" if one.namespace else space)
        else:
            yield f"{space}{one.name}"


def test_every_named_address_is_visited_or_excused() -> None:
    known = list(names(get_resolver().url_patterns))
    assert len(known) > 40
    visited = {visit.name for visit in VISITS if visit.name}
    assert sorted(set(known) - visited - set(EXCUSED)) == [], "visit these, or excuse them by what they send"
    assert sorted((visited | set(EXCUSED)) - set(known)) == [], "these are no addresses"
    assert sorted(visited & set(EXCUSED)) == [], "these are visited and need no excuse"


# What the pages show ----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Numbers:
    """The numbers that stand in addresses."""

    report: int
    right: int
    wrong: int
    proof: int
    article: int
    alert: int
    line: int
    treasury: int
    faulty: int
    amendment: int
    code: int
    regulation: int
    computed: int
    heard: int
    entry: int
    objection: int
    edition: int


@pytest.fixture
def numbers(bishkek: Path, report: int, city: None, settings: Any, tmp_path: Path) -> Numbers:
    """Return what waits at the addresses of a demonstration: an edition, a draft of the plan, two imports."""
    office, at = access.user_actor("office"), clock.now()
    for name in ("auditor", "administrator"):
        by = access.system_actor("tests")
        login = name.replace("administrator", "admin")
        access.create_user(login, name=login, password="long-enough-2023", actor=by)
        access.assign_role(login, name, unit=None, actor=by)
    reports.load_pack(bishkek, actor="tests")
    monitor.load_pack(bishkek, actor="tests")
    alert = alert_of_the_monitor()
    snapshot = reports.gather(PROGRAMME, 2022, form=reports.kept_form(), at=at)
    reports.publish(snapshot, actor=office, at=at, public_url="http://127.0.0.1:8000")
    right = importing.plan_workbook(PROGRAMME, language="ru", actor=office)
    text = io.BytesIO(
        "В 2022 году завершено строительство 15 школ.\n\nИз 10 парков 6 новых и 3 старых.".encode()
    )
    given = proofs.Given(text, "report.txt", len(text.getvalue()), programme=PROGRAMME, year=2022)
    held = Numbers(
        report,
        imported(right, office),
        imported(mistaken(right), office),
        proofs.take_in(given, actor=office, at=at),
        urgent(office),
        alert,
        *treasury_files(bishkek, office),
        *ratings_of_units(bishkek),
    )
    services.start_revision(PROGRAMME, act="plan-2022", effective_from=date(2023, 2, 1), actor=office, at=at)
    settings.DEMO_MARK = tmp_path / "demonstration"
    settings.DEMO_MARK.touch()
    return held


def urgent(office: access.Actor) -> int:
    at = clock.now()
    term = {"is_urgent": True, "starts_at": at - timedelta(hours=1), "ends_at": at + timedelta(days=1)}
    number = news.write(article(districts=("leninsky",), **term), actor=office, at=at)
    news.publish(number, actor=office, at=at)
    return number


def treasury_files(bishkek: Path, office: access.Actor) -> tuple[int, int, int, int, int]:
    """Return the number of a line, of a written file, of one with mistakes, of an amendment and of a code."""
    budget.load_pack(bishkek, actor="tests")
    at = clock.now()
    right = treasury.take_in(sent(), actor=office, at=at)
    treasury.write(right, actor=office, at=at)
    wrong = treasury.take_in(sent(ROWS[:1], total="1", name="не сходится.csv"), actor=office, at=at)
    amendment = amendments.enact(change("100", total="100"), actor=office, at=at)
    code = Heading.objects.get(classification="functional", code="D02").pk
    return Line.objects.exclude(key="")[0].pk, right, wrong, amendment, code


def ratings_of_units(bishkek: Path) -> tuple[int, int, int, int, int, int]:
    """Return a regulation, a round that is reckoned, one with an objection to an entry, and an edition."""
    ratings.load_pack(bishkek, actor="tests")
    system, at = access.system_actor("tests"), clock.now()
    regulation = Regulation.objects.get().pk
    computed, heard, done = (
        rounds.open_round(regulation, Period.parse(one), actor=system, at=at)
        for one in ("2023", "2022", "2024")
    )
    for number in (heard, done):
        rounds.hear(number, actor=system, at=at)
    for step in ("settle", "approve", "publish"):
        rounds.step(done, step, actor=system, at=at + timedelta(days=30))
    entry = Entry.objects.get(round=heard, unit="bishkekgorlift", code="main-task").pk
    objection = objections.raise_objection(entry, text="демо", wanted=None, actor=system, at=at)
    return regulation, computed, heard, entry, objection, Edition.objects.get().pk


def alert_of_the_monitor() -> int:
    """Make one tile red, which raises an alert; no fact is recorded: that would make another newest year."""
    keeping.keep_all(now=clock.now())
    row = TileState.objects.get(tile="lighting.requests_executed")
    said = {"standing": "known", "level": "bad", "value": "4", "share": "0.2", "period": str(clock.today())}
    row.document |= said
    row.save()
    alerts.watch(now=clock.now())
    return Alert.objects.order_by("pk")[0].pk


def mistaken(content: bytes) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    book[plansheets.MEASURES.title.ru]["C4"] = "nowhere"
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def imported(content: bytes, office: access.Actor) -> int:
    sent = importing.Sent(
        programme=PROGRAMME,
        act="plan-2022",
        effective_from=date(2023, 2, 1),
        name="plan.xlsx",
        content=content,
    )
    number = importing.take_in(sent, actor=office, at=clock.now())
    importwork.run_check(number, is_told=False)
    return number


# The visits -------------------------------------------------------------------------------------------------
@pytest.fixture
def tab(browser: Browser, live_server: object) -> Iterator[Page]:
    """Open a telephone's page that may also be told that something is refused or missing."""
    context = browser.new_context(
        base_url=str(live_server), locale="ru", viewport={"width": 390, "height": 844}
    )
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def sign_in(context: BrowserContext, root: str, who: str, language: str) -> None:
    context.clear_cookies()
    cookies = {settings.LANGUAGE_COOKIE_NAME: language}
    if who:
        client = Client()
        client.force_login(User.objects.get(username=who), backend=settings.AUTHENTICATION_BACKENDS[-1])
        session = client.session
        session[CONFIRMED] = int(clock.now().timestamp())
        session.save()
        cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": name, "value": value, "url": root} for name, value in cookies.items()])


def look(tab: Page, visit: Visit, language: str) -> None:
    """Open the page and, where its form is to be refused, send the form as it stands."""
    answer = tab.goto(visit.address)
    assert answer is not None
    assert answer.status == visit.status, f"it answers {answer.status}"
    assert tab.locator("html").get_attribute("lang") == language
    if visit.name:
        assert resolve(re.sub(r"^https?://[^/]*|\?.*", "", tab.url)).view_name == visit.name
    if visit.refused:
        tab.locator(visit.refused).first.locator("button:not([name=draft], [name=more])").last.click()
        tab.locator(".govuk-error-summary").wait_for()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", ["ru", "ky"])
def test_every_page_is_accessible_and_fits_a_telephone(
    tab: Page,
    language: str,
    numbers: Numbers,
    live_server: object,
    assert_accessible: Callable[[Page], None],
) -> None:
    # What is light in one language is dark in the other, so that axe sees the contrasts of both.
    tab.emulate_media(color_scheme="dark" if language == "ky" else "light")
    faults, person = [], None
    for visit in sorted(VISITS, key=lambda one: one.who):
        if person != visit.who:
            person = visit.who
            sign_in(tab.context, str(live_server), person, language)
        try:
            address = visit.address.format(**vars(numbers))
            look(tab, replace(visit, address=address), language)
            assert_accessible(tab)
            if language == "ru" and not visit.who:
                assert tab.request.head(address).status == visit.status
            width = tab.evaluate("document.documentElement.scrollWidth")
            assert width <= 390, f"it is {width} wide"
        except AssertionError as fault:
            faults.append(f"{visit.title} ({visit.address}): {fault}")
    assert not faults, "\n".join(faults)
