"""List every form."""

from __future__ import annotations

from collections.abc import Sequence

from numpy.random import Generator

from unspun.training.honest.forms.bulletin_forms import POLICE_LOG, ROAD_CLOSURE
from unspun.training.honest.forms.form_template import Form
from unspun.training.honest.forms.goods_forms import HOME_FOR_SALE, PRODUCT_PAGE, RECIPE
from unspun.training.honest.forms.market_forms import EARNINGS, STOCK_REPORT
from unspun.training.honest.forms.nature_forms import EARTHQUAKE, WEATHER
from unspun.training.honest.forms.notice_forms import JOB_ADVERTISEMENT, LEGAL_NOTICE, OBITUARY
from unspun.training.honest.forms.timetable_forms import FLIGHT_STATUS, MATCH_REPORT

FORMS: tuple[Form, ...] = (
    STOCK_REPORT,
    WEATHER,
    MATCH_REPORT,
    EARTHQUAKE,
    OBITUARY,
    JOB_ADVERTISEMENT,
    PRODUCT_PAGE,
    RECIPE,
    LEGAL_NOTICE,
    POLICE_LOG,
    EARNINGS,
    FLIGHT_STATUS,
    HOME_FOR_SALE,
    ROAD_CLOSURE,
)
"""Every form; the order is fixed."""
_ONE_HOUSE = 2 / 3
"""Share of pairs whose two pages are of one site: these look most like spinning."""
_HOUSES = 1_000


def form_pair(rng: Generator, forms: Sequence[Form] = FORMS) -> tuple[str, str]:
    """Return two pages of one form that is drawn, most often of one site.

    Parameters
    ----------
    rng : Generator
        All that is left to chance.
    forms : sequence of Form
        What may be drawn; leave one out to judge by it.

    Returns
    -------
    tuple of str
        Two pages that share sentences and nothing else.

    Examples
    --------
    >>> import numpy as np
    >>> first, second = form_pair(np.random.default_rng(0), FORMS[:1])
    >>> "shares" in first and "shares" in second and first != second
    True
    """
    form = forms[int(rng.integers(len(forms)))]
    house = int(rng.integers(_HOUSES)) if rng.random() < _ONE_HOUSE else None
    return form(rng, house), form(rng, house)


RELATION, FAMILY = "independent", "form"
"""What two pages of one form are to one another."""
