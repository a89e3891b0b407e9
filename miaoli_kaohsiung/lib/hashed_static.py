"""Static files under names that carry their hash, compressed once."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Also rewrites `import … from "./x.js"`, so that ES modules find each other under the hashed names."""

    support_js_module_import_aggregation = True
