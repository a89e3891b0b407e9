"""Papers that go in and come out: an upload to send, the text of a PDF that was made."""

import subprocess
from io import BytesIO

import pypdf
from django.core.files.uploadedfile import SimpleUploadedFile


def text_of_pdf(data: bytes) -> str:
    """The text as pdftotext reads it, without the breaks of lines."""
    read = subprocess.run(["pdftotext", "-layout", "-", "-"], input=data, capture_output=True, check=True)
    return "".join(read.stdout.decode().split())


def paper() -> SimpleUploadedFile:
    writer, out = pypdf.PdfWriter(), BytesIO()
    writer.add_blank_page(595, 842)
    writer.write(out)
    return SimpleUploadedFile("領據.pdf", out.getvalue(), "application/pdf")
