class Refused(Exception):
    """The file is not accepted. `code` is a key of miaoli_kaohsiung.files.messages.REASONS."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code
