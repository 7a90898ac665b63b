"""The forms of colleagues: inviting one, and becoming one."""

from flask_babel import lazy_gettext as _l

from weekapp.forms import CleanText, Filled, PublicForm, StaffForm, mail_address, no_formula
from weekapp.registration.fields import AtMost, OnlyIf, with_letters


class InviteForm(StaffForm):
    """Whom to invite."""

    email = CleanText(
        _l("Het mailadres van je collega"),
        [Filled(_l("Vul het mailadres van je collega in. Bijvoorbeeld: naam@voorbeeld.nl.")), mail_address],
        render_kw={"inputmode": "email"},
    )


class JoinForm(PublicForm):
    """The button behind an invitation; whoever we do not know yet says their name."""

    asks_name = True
    name = CleanText(
        _l("Hoe heet je?"),
        [OnlyIf(lambda form: form.asks_name), Filled(_l("Vul je naam in.")), AtMost(60), no_formula, with_letters],
        description=_l("Je collega's zien je naam."),
    )
