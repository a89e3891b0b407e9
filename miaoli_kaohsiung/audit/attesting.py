"""What others say of the daily marks: an authority for time stamps (RFC 3161), and a witness who keeps the lines."""

import logging
from collections.abc import Callable
from pathlib import Path

import rfc3161_client
from cryptography import x509
from django.conf import settings
from rfc3161_client import HashAlgorithm, TimestampRequestBuilder, VerifierBuilder

from miaoli_kaohsiung.lib import clock, outgoing

from .models import AuditAttestation, AuditSeal
from .proofs import line_of

log = logging.getLogger(__name__)

Kind = AuditAttestation.Kind
# Days that are tried again while authority or witness are out of reach.
NEWEST = 60
MOST_BYTES = 100_000


class NotAttestedError(Exception):
    """Authority or witness gave no answer that holds."""


def attest() -> int:
    """Get what is missing from those that are configured, the oldest day first; return how much was got."""
    got = 0
    for kind, ask in _configured().items():
        missing = AuditSeal.objects.exclude(mark="").exclude(attestations__kind=kind).order_by("-day")[:NEWEST]
        for seal in reversed(missing):
            try:
                token = ask(seal)
            except NotAttestedError as error:
                # The next hour tries again; asking for the other days as well would only wait as long for each.
                log.warning("%s of %s: %s", kind, seal.day, error)
                break
            AuditAttestation.objects.get_or_create(seal=seal, kind=kind, defaults={"token": token, "at": clock.now()})
            got += 1
    return got


def _configured() -> dict[str, Callable[[AuditSeal], bytes]]:
    asked: dict[str, Callable[[AuditSeal], bytes]] = {}
    if settings.AUDIT_TSA_URL:
        asked[Kind.STAMP] = _stamp
    if settings.AUDIT_WITNESS_URL:
        asked[Kind.WITNESS] = _witness
    return asked


def _stamp(seal: AuditSeal) -> bytes:
    """Return the time stamp of the mark's 64 letters, once it has been verified against AUDIT_TSA_CA."""
    data = seal.mark.encode("ascii")
    request = TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256).build()
    answer = _post(settings.AUDIT_TSA_URL, request.as_bytes(), {"Content-Type": "application/timestamp-query"})
    verifier = VerifierBuilder.from_request(request)
    for root in x509.load_pem_x509_certificates(Path(settings.AUDIT_TSA_CA).read_bytes()):
        verifier = verifier.add_root_certificate(root)
    try:
        verifier.build().verify_message(rfc3161_client.decode_timestamp_response(answer), data)
    except (ValueError, rfc3161_client.VerificationError) as error:
        # OpenSSL's numbers of errors say nothing to a reader of the log.
        raise NotAttestedError(f"the time stamp does not hold: {str(error).partition('ErrorStack')[0]}") from error
    return answer


def _witness(seal: AuditSeal) -> bytes:
    """Hand the day's line to the witness, who takes one line once (409 for a known one)."""
    headers = {"Content-Type": "text/plain; charset=us-ascii"}
    if settings.AUDIT_WITNESS_TOKEN:
        headers["Authorization"] = f"Bearer {settings.AUDIT_WITNESS_TOKEN}"
    _post(settings.AUDIT_WITNESS_URL, f"{line_of(seal)}\n".encode("ascii"), headers, known=409)
    return b""


def _post(url: str, body: bytes, headers: dict[str, str], known: int = 200) -> bytes:
    try:
        answer = outgoing.post(url, body, headers, most=MOST_BYTES)
    except outgoing.NoAnswerError as error:
        raise NotAttestedError(str(error)) from error
    if answer.status not in (200, 201, 202, 204, known):
        raise NotAttestedError(f"answered {answer.status}")
    return answer.body
