"""Names and mail addresses as people type them."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def _mail_address(text: str) -> str:
    if len(text) > 254 or not _ADDRESS.fullmatch(text):
        raise PydanticCustomError("mail-address", "Enter a mail address like name@example.org")
    return text


def _human_name(text: str) -> str:
    """A name is printed in mails to addresses that nobody has proved yet: it must not name a site."""
    if re.search(r"[<>/\\:@\x00-\x1f]|www\.", text):
        raise PydanticCustomError("name-malformed", "Enter a name without signs such as / : @")
    return text


Address = Annotated[str, AfterValidator(_mail_address)]
Name = Annotated[str, Field(min_length=2, max_length=120), AfterValidator(_human_name)]
