"""The exporter's error type: what happened, and what to do about it."""


class ExportError(Exception):
    def __init__(self, what: str, fix: str):
        super().__init__(what)
        self.what = what
        self.fix = fix
