"""List every form."""

from __future__ import annotations

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
RELATION, FAMILY = "independent", "form"
"""What two pages of one form are to one another."""
