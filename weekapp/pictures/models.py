"""The table of pictures."""

from datetime import datetime

from sqlalchemy import CheckConstraint, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from weekapp.db import Base
from weekapp.pictures import rules


class Picture(Base):
    """One picture with what it shows in words. Its bytes never change; the same bytes may be here twice, with other words.

    In the database, like the files of a batch: it is the same on every web machine and goes with the purge.
    """

    __tablename__ = "picture"
    __table_args__ = (
        CheckConstraint("alt_text != ''", name="has_words"),
        CheckConstraint("width > 0 AND height > 0", name="has_size"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(40), index=True)  # of the bytes; its name in addresses
    octets: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)  # a JPEG
    width: Mapped[int]
    height: Mapped[int]
    alt_text: Mapped[str] = mapped_column(String(250))
    is_public: Mapped[bool] = mapped_column(default=False)  # whether everybody may see it under its address
    created_at: Mapped[datetime]

    @property
    def path(self) -> str:
        """Its address once it is public."""
        return rules.address_of(self.digest)
