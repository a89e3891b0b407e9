"""Both norms in one file: WeasyPrint writes PDF/A-2a, whose tags, language and title are those of PDF/UA-1; what is missing
is that the metadata say so.

PDF/A takes no property that it does not know, so the PDF/UA one is described beside it, as the norm's own extension.
"""

from typing import Any

import pydyf

VARIANT = "pdf/a-2a"

_END = b"</rdf:RDF>"
_DECLARED = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 to which the document conforms</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""


def keep_both(pdf: pydyf.PDF) -> None:
    """Make a PDF/A file that is about to be written one of both norms."""
    _declare_accessible(pdf)
    for item in pdf.objects:
        # PDF/A wants every reader to draw the same; WeasyPrint asks for smoothing, which each does in its way.
        if isinstance(item, pydyf.Stream) and "Interpolate" in item.extra:
            item.extra["Interpolate"] = "false"


def _declare_accessible(pdf: pydyf.PDF) -> None:
    metadata: Any = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    content = b"".join(metadata.stream)
    if content.count(_END) != 1:
        raise ValueError("the metadata are not as WeasyPrint writes them")
    metadata.stream = [content.replace(_END, _DECLARED + _END)]
