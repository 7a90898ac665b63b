"""The table of municipalities."""

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from weekapp.db import Base


class Municipality(Base):
    """A municipality by its CBS code, e.g. GM0344 (DATA-06), with a centre in degrees (WGS84)."""

    __tablename__ = "municipality"
    code: Mapped[str] = mapped_column(String(6), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    province: Mapped[str] = mapped_column(String(40), index=True)
    lon: Mapped[float]
    lat: Mapped[float]
    local_name: Mapped[str] = mapped_column(String(80), default="")  # its own name for the Week
    introduction: Mapped[str] = mapped_column(Text, default="")
