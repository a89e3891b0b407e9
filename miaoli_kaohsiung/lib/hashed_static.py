"""Static files under names that carry their hash, compressed once."""

from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

from .npm import PYTHON


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Also rewrites `import … from "./x.js";` in our own modules, so that they find each other under the hashed names.

    Modules of others are left alone: there the same words occur in comments. Pyodide's files keep their names, by which
    they look for each other.
    """

    support_js_module_import_aggregation = True
    _js_module_import_aggregation_patterns = (
        "js/*.js",
        CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1],
    )

    def file_hash(self, name: str | None, content: Any = None) -> Any:
        return "" if name and name.startswith(PYTHON) else super().file_hash(name, content)
