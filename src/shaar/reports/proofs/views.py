"""The staff pages on which texts are proofread: given, read with findings beside them, decided upon."""

from collections import Counter

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shaar.access.api import actor_of, requires
from shaar.cases import api as cases
from shaar.kernel import clock
from shaar.kernel.errors import Refusal
from shaar.programme import api as programme
from shaar.reports.models import ProofState, ProofText
from shaar.reports.permissions import PROOFREAD, sees_every_proof
from shaar.reports.proofreading import Proof, Severity, Unreadable
from shaar.reports.proofreading.as_docx import as_docx
from shaar.reports.proofreading.as_html import as_html
from shaar.reports.proofreading.as_json import as_json
from shaar.reports.proofreading.match import Verdict
from shaar.reports.proofs import keeping, showing
from shaar.reports.proofs.forms import TextForm
from shaar.reports.proofs.ledger import compare

PAGE, FIGURES_OF_A_PAGE = 50, 100
FORMS = {"json": "application/json", "html": "text/html; charset=utf-8", "docx": cases.DOCX}
LARGE_COLUMNS = ("proof", "refusal")


@requires(PROOFREAD)
@never_cache
@require_http_methods(["GET", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """Show the texts, the newest first, and take another one."""
    form = TextForm(request.POST or None, request.FILES or None, programmes=programme.programmes())
    if request.method == "POST" and cases.oversized(request):
        form.errors["file"] = form.error_class([str(cases.too_large().message)])
    elif form.is_valid():
        number = _take_in(form, request)
        if number is not None:
            return redirect("reports:proof", number=number)
    rows = ProofText.objects.defer(*LARGE_COLUMNS).order_by("-pk")
    actor = actor_of(request)
    if not sees_every_proof(actor):
        rows = rows.filter(uploaded_by=actor.key)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "reports/proofs/index.html", {"form": form, "page": page})


@requires(PROOFREAD)
@never_cache
@require_GET
def show(request: HttpRequest, *, number: int) -> HttpResponse:
    """Show a text with its findings beside it, or how far its proofreading is."""
    row = keeping.held(number, actor=actor_of(request))
    if row.state == ProofState.REFUSED:
        return render(request, "reports/proofs/refused.html", {"row": row, "form": _refused(row)})
    if row.state == ProofState.WAITING:
        is_stuck = clock.now() - row.touched_at > keeping.PATIENCE
        return render(request, "reports/proofs/waiting.html", {"row": row, "is_stuck": is_stuck})
    return _page(request, row)


@requires(PROOFREAD)
@never_cache
@require_GET
def progress(request: HttpRequest, *, number: int) -> HttpResponse:
    """Send how far a proofreading is, for a page that asks again; once it is done the page is read anew."""
    row = keeping.held(number, actor=actor_of(request))
    response = render(request, "reports/proofs/progress.html", {"row": row})
    if row.state != ProofState.WAITING:
        response["HX-Refresh"] = "true"
    return response


@requires(PROOFREAD)
@never_cache
@require_GET
def figures(request: HttpRequest, *, number: int) -> HttpResponse:
    """Show each figure of a text beside its value in the ledger of the programme that was chosen."""
    row = keeping.held(number, actor=actor_of(request))
    if row.state != ProofState.READY or not row.programme:
        raise Http404
    proof = keeping.proof_of(row)
    found = compare(proof, row.programme, year=row.year)
    counted = Counter(one.verdict for one in found)
    wanted = request.GET.get("verdict", "")
    shown = [one for one in found if wanted not in counted or one.verdict == wanted]
    pages = showing.pages(proof)
    page = Paginator(shown, FIGURES_OF_A_PAGE).get_page(request.GET.get("page"))
    rows = [(one, pages.get(one.match.figure.spot.passage, 1)) for one in page]
    context = {
        "row": row,
        "page": page,
        "rows": rows,
        "verdict": wanted if wanted in counted else "",
        "counts": [(one.value, counted[one.value]) for one in Verdict],
        "programme": programme.programme(row.programme, on=clock.today()),
    }
    return render(request, "reports/proofs/figures.html", context)


@requires(PROOFREAD)
@require_POST
def again(request: HttpRequest, *, number: int) -> HttpResponse:
    """Start a proofreading again that stands still."""
    keeping.start_again(number, actor=actor_of(request), at=clock.now())
    return redirect("reports:proof", number=number)


@requires(PROOFREAD)
@never_cache
@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, *, number: int, key: str) -> HttpResponse:
    """Write what a person decided about a finding; who only reads the address is led to the text."""
    kept = request.GET.urlencode()
    back = reverse("reports:proof", kwargs={"number": number}) + (f"?{kept}" if kept else "")
    if request.method == "GET":
        return redirect(back)
    decided = keeping.Decided(key, request.POST.get("verdict", ""), request.POST.get("reason", ""))
    try:
        keeping.decide(number, decided, actor=actor_of(request), at=clock.now())
    except Refusal as refusal:
        if refusal.code not in {"reason_missing", "reason_too_long"}:
            raise
        wrong = {"key": key, "message": str(refusal.message), "reason": decided.reason}
        return _page(request, keeping.held(number, actor=actor_of(request)), wrong=wrong)
    messages.success(request, _("The decision is kept; it is remembered in other versions of the text."))
    return redirect(back)


@requires(PROOFREAD)
@never_cache
@require_GET
def download(request: HttpRequest, *, number: int, form: str) -> HttpResponse:
    """Send the proof as data, as an annotated page or as a document with comments."""
    row = keeping.held(number, actor=actor_of(request))
    if row.state != ProofState.READY or form not in FORMS:
        raise Http404
    response = HttpResponse(_written(row, form), content_type=FORMS[form])
    stem = row.name.rsplit(".", 1)[0][:100]
    response.headers["Content-Disposition"] = _attachment(f"{stem}-proof.{form}")
    return response


def _page(request: HttpRequest, row: ProofText, *, wrong: dict[str, str] | None = None) -> HttpResponse:
    proof = keeping.proof_of(row)
    found = showing.notes(proof)
    wanted = request.GET.get("severity", "")
    shown = [one for one in found if wanted not in set(Severity) or one.severity == wanted]
    here = next((one.page for one in shown if wrong and one.key == wrong["key"]), None)
    page = Paginator(showing.lines(proof, shown), showing.PASSAGES_OF_A_PAGE).get_page(
        here or request.GET.get("page")
    )
    open_ones = Counter(one.severity for one in found if not one.is_dismissed)
    context = {
        "row": row,
        "figures": len(proof.quantities),
        "counts": [(one.value, open_ones[one.value]) for one in Severity],
        "dismissed": sum(one.is_dismissed for one in found),
        "severity": wanted if wanted in set(Severity) else "",
        "notes": shown,
        "page": page,
        "wrong": wrong or {},
        "text_language": _language_of(proof),
    }
    return render(request, "reports/proofs/show.html", context)


def _take_in(form: TextForm, request: HttpRequest) -> int | None:
    """Return the number of the text that was taken in; a refusal goes to its field."""
    given = form.cleaned_data
    file = given["file"]
    text = keeping.Given(file, file.name, file.size, given["programme"], given["year"])
    try:
        return keeping.take_in(text, actor=actor_of(request), at=clock.now())
    except Unreadable as refusal:
        form.add_error("file", _told(refusal.messages))
    except Refusal as refusal:
        if refusal.code == "forbidden":
            raise
        form.add_error("file", str(refusal.message))
    return None


def _refused(row: ProofText) -> TextForm:
    """Return the form as it was sent, with what is wrong with the file at its field."""
    form = TextForm({"programme": row.programme, "year": row.year}, programmes=programme.programmes())
    form.errors["file"] = form.error_class([_told(row.refusal)])
    return form


def _told(sentences: dict[str, str]) -> str:
    return sentences.get((get_language() or "ru")[:2]) or sentences["ru"]


def _language_of(proof: Proof) -> str:
    """Return the language of a text for its lang attribute: Kyrgyz has letters that Russian has not."""
    sample = " ".join(proof.passages[:200]).lower()
    return "ky" if sum(sample.count(letter) for letter in "өүң") * 100 > len(sample) else "ru"


def _written(row: ProofText, form: str) -> bytes:
    proof, language = keeping.proof_of(row), (get_language() or "ru")[:2]
    if form == "json":
        return as_json(proof).encode()
    if form == "html":
        return as_html(proof, language=language).encode()
    if proof.format != "docx":
        return as_docx(proof, language=language)
    with cases.open_file(row.upload_id) as stream:
        return as_docx(proof, source=stream.read(), language=language)


def _attachment(name: str) -> str:
    from django.utils.http import content_disposition_header

    return content_disposition_header(as_attachment=True, filename=name) or "attachment"
