from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]


class Gathered(CompressedManifestStaticFilesStorage):
    """Static files under names that hold their fingerprint. Until `collectstatic` has gathered them, plain names do."""

    manifest_strict = False

    def stored_name(self, name: str) -> str:
        try:
            return str(super().stored_name(name))
        except ValueError:
            return name
