"""What people do with proofs: give a text, decide about its findings; and the proofreading behind it."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import TypeAdapter

from shaar.access.api import Actor
from shaar.cases import api as cases
from shaar.kernel import jobs
from shaar.kernel.errors import Place, Refusal
from shaar.reports.models import ProofDecision, ProofState, ProofText, Verdict
from shaar.reports.permissions import check_proofread, sees_every_proof
from shaar.reports.proofreading import Proof, Severity, Unreadable, check
from shaar.reports.proofs.fingerprints import fingerprint

PROOFREAD_TEXT = "reports.proofread_text"
LIMITS = cases.FileLimits(types=(cases.DOCX, cases.PDF, cases.TEXT))
AT_ONCE = 100_000
PATIENCE = timedelta(minutes=2)
LONGEST_REASON = 1000
PROOFS = TypeAdapter(Proof)
NUL = b"\\u0000"  # some PDF hold it, PostgreSQL takes none; a space keeps every offset


@dataclass(frozen=True, slots=True)
class Given:
    """A text as a person gave it, with the programme that its figures are of, if any."""

    stream: BinaryIO
    name: str
    size: int
    programme: str = ""
    year: int | None = None


def take_in(given: Given, *, actor: Actor, at: datetime) -> int:
    """Keep a text for its proofreading and return its number; a short text is proofread at once.

    Refusal `forbidden`, those of `cases.store_file` and, for a short text, Unreadable: then nothing is kept.
    """
    check_proofread(actor)
    try:
        proof = check(given.stream, name=given.name) if given.size <= AT_ONCE else None
        given.stream.seek(0)
        with transaction.atomic():
            made = _kept(given, actor=actor, at=at)
            if proof is None:
                jobs.defer(PROOFREAD_TEXT, number=made.pk)
            else:
                _finish(made, proof, at=at)
    except Unreadable:
        raise
    except Refusal as refusal:
        raise Refusal(refusal.code, str(refusal.message), place=Place(field="file")) from refusal
    return made.pk


def proofread(number: int, *, at: datetime) -> None:
    """Proofread a text that waits for it, or say why it cannot be read; doing it again changes nothing."""
    row = ProofText.objects.get(pk=number)
    if row.state != ProofState.WAITING:
        return
    try:
        with cases.open_file(row.upload_id) as stream:
            proof = check(stream, name=row.name)
    except Unreadable as refusal:
        row.state, row.refusal, row.touched_at = ProofState.REFUSED, refusal.messages, at
        row.save(update_fields=["state", "refusal", "touched_at"])
        return
    _finish(row, proof, at=at)


def start_again(number: int, *, actor: Actor, at: datetime) -> None:
    """Put a text that stands still in the queue again; running it twice does no harm."""
    row = held(number, actor=actor)
    if row.state == ProofState.WAITING and at - row.touched_at > PATIENCE:
        with transaction.atomic():
            ProofText.objects.filter(pk=number).update(touched_at=at)
            jobs.defer(PROOFREAD_TEXT, number=number)


@dataclass(frozen=True, slots=True)
class Decided:
    """What a person decided about a finding, and why."""

    fingerprint: str
    verdict: str
    reason: str = ""


def decide(number: int, decided: Decided, *, actor: Actor, at: datetime) -> None:
    """Write a decision beside the earlier ones.

    Refusal `forbidden`, `unknown_proof`, `unknown_finding`, `reason_missing`, `reason_too_long`.
    """
    row = held(number, actor=actor)
    reason = decided.reason.strip()
    known = {fingerprint(one) for one in proof_of(row).findings} if row.state == ProofState.READY else set()
    if decided.fingerprint not in known or decided.verdict not in Verdict.values:
        raise Refusal("unknown_finding", _("There is no such finding."))
    if decided.verdict == Verdict.DISMISSED and not reason:
        raise Refusal("reason_missing", _("Say why: the reason is shown when the finding comes again."))
    if len(reason) > LONGEST_REASON:
        message = _("The reason is longer than %(most)d characters.") % {"most": LONGEST_REASON}
        raise Refusal("reason_too_long", message)
    ProofDecision.objects.create(
        fingerprint=decided.fingerprint,
        text=row,
        verdict=decided.verdict,
        reason=reason,
        decided_at=at,
        decided_by=actor.key,
        decided_name=actor.name,
    )


def held(number: int, *, actor: Actor) -> ProofText:
    """Return a text that an actor may see; Refusal `forbidden`, `unknown_proof`."""
    check_proofread(actor)
    row = ProofText.objects.filter(pk=number).first()
    if row is None:
        raise Refusal("unknown_proof", _("There is no such text."))
    if row.uploaded_by != actor.key and not sees_every_proof(actor):
        raise Refusal("forbidden", _("Your roles do not allow this."))
    return row


def proof_of(row: ProofText) -> Proof:
    """Return the proof of a text that was proofread."""
    return PROOFS.validate_python(row.proof, strict=False)


def _kept(given: Given, *, actor: Actor, at: datetime) -> ProofText:
    stored = cases.store_file(given.stream, name=given.name, actor=actor, at=at, limits=LIMITS)
    return ProofText.objects.create(
        upload_id=stored.id,
        name=stored.name,
        programme=given.programme,
        year=given.year,
        uploaded_at=at,
        touched_at=at,
        uploaded_by=actor.key,
        uploaded_name=actor.name,
    )


def _finish(row: ProofText, proof: Proof, *, at: datetime) -> None:
    counts: dict[str, Any] = {one.value: proof.count(one) for one in Severity}
    row.state, row.touched_at = ProofState.READY, at
    row.proof = json.loads(PROOFS.dump_json(proof).replace(NUL, b" "))
    row.counts = counts | {"figures": len(proof.quantities)}
    row.save(update_fields=["state", "proof", "counts", "touched_at"])
