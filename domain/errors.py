"""The errors that mean something to a person or to the dispatcher. Everything else that escapes is a fault of ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from domain.incoming import Attachment
    from domain.message import Param


class UserError(Exception):
    """The person did something that cannot be done. ``key`` names the sentence in `content/texts` that says what to do next."""

    def __init__(self, key: str, **params: Param) -> None:
        super().__init__(key)
        self.key = key
        self.params = params


class NeedsFact(Exception):
    """A handler must know something only the platform can tell, over the network.

    The dispatcher lets the transaction roll back, asks the platform, fills the `Incoming` field named here and dispatches again.
    """

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class NeedsFile(Exception):
    """A handler must read a file that was sent, which must be fetched over the network and may take long to read.

    The dispatcher lets the transaction roll back, fetches at most ``most`` bytes, runs ``read`` on them off the event loop,
    and dispatches again with what it returned as ``Call.file``. A `UserError` raised by ``read`` is told to the person.
    """

    def __init__(self, attachment: Attachment, most: int, read: Callable[[bytes], object]) -> None:
        super().__init__(attachment.file_id)
        self.attachment = attachment
        self.most = most
        self.read = read
