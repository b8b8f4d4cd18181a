class Unreadable(Exception):
    """A file that is no register, said in words for whoever brought it."""

    def __init__(self, message: str):
        super().__init__(message)
        self.message = message
