"""Fill in notices: an obituary, a legal notice, a job advertisement."""

from __future__ import annotations

from numpy.random import Generator

from unspun.training.honest.forms.form_facts import DAYS, clock, count, date, phone, whole
from unspun.training.honest.forms.form_template import Facts, Form
from unspun.training.honest.invented_names import firm, given_name, legal_form, person, pick, surname, town

_CALLINGS = (
    "a school teacher",
    "an electrician",
    "a nurse",
    "a farmer",
    "a bus driver",
    "a bookkeeper",
    "a machinist",
    "a librarian",
    "a postal clerk",
    "a carpenter",
    "a cook at the county hospital",
    "a surveyor",
)
_LOVES = (
    "gardening",
    "fishing on the lake",
    "playing cards",
    "restoring old tractors",
    "baking for the church fair",
    "quilting",
    "bird watching",
    "crosswords",
    "singing in the choir",
    "woodworking",
    "long walks with the dog",
    "watching baseball",
    "travelling by train",
)

_CHARITIES = (
    "the county hospice",
    "the animal shelter",
    "the volunteer fire company",
    "the heart fund",
    "the food bank",
)


def _obituary_facts(rng: Generator) -> Facts:
    last, first, died = surname(rng), given_name(rng), int(rng.integers(2008, 2027))
    age = int(rng.integers(48, 101))
    woman = bool(rng.random() < 0.5)
    return {
        "name": f"{first} {given_name(rng)[0]}. {last}",
        "first": first,
        "last": last,
        "he": "she" if woman else "he",
        "his": "her" if woman else "his",
        "age": str(age),
        "town": town(rng),
        "birth_town": town(rng),
        "day": pick(rng, DAYS),
        "date": date(rng),
        "year": str(died),
        "birth_date": date(rng),
        "birth_year": str(died - age),
        "son": "daughter" if woman else "son",
        "father": given_name(rng),
        "mother": given_name(rng),
        "maiden": surname(rng),
        "spouse": given_name(rng),
        "wed_year": str(died - age + int(rng.integers(20, 34))),
        "years": whole(rng, 14, 46),
        "calling": pick(rng, _CALLINGS),
        "employer": firm(rng),
        "school_year": str(died - age + 18),
        "love": pick(rng, _LOVES),
        "second_love": pick(rng, _LOVES),
        "child": f"{given_name(rng)} {last}",
        "second_child": given_name(rng),
        "child_spouse": given_name(rng),
        "child_town": town(rng),
        "sibling": given_name(rng),
        "n_grand": count(rng, 2, 11),
        "n_great": count(rng, 1, 6),
        "church": f"{pick(rng, ('St. Anne', 'First Methodist', 'Holy Cross', 'Trinity', 'St. Paul', 'Grace'))} Church",
        "service_day": pick(rng, DAYS),
        "service_time": clock(rng, 10, 14),
        "visit_time": clock(rng, 9, 10),
        "home": f"{surname(rng)} Funeral Home",
        "reverend": person(rng),
        "cemetery": f"{town(rng)} Cemetery",
        "charity": pick(rng, _CHARITIES),
    }


OBITUARY = Form("obituary", _obituary_facts)


def _legal_facts(rng: Generator) -> Facts:
    return {
        "county": surname(rng),
        "plaintiff": f"{surname(rng)} {pick(rng, ('Savings Bank', 'Mortgage Trust', 'Credit Union', 'Home Loans'))}",
        "defendant": person(rng),
        "second_defendant": given_name(rng),
        "number": f"{int(rng.integers(10, 27))}-{pick(rng, ('CV', 'CA', 'FC'))}-{int(rng.integers(1000, 99999)):05}",
        "date": date(rng),
        "sale_date": date(rng),
        "year": str(int(rng.integers(2012, 2027))),
        "time": clock(rng, 9, 14),
        "lot": whole(rng, 1, 94),
        "block": whole(rng, 1, 40),
        "book": whole(rng, 8, 640),
        "page": whole(rng, 1, 980),
        "street": f"{int(rng.integers(3, 9900))} {surname(rng)} {pick(rng, ('Street', 'Avenue', 'Road', 'Drive'))}",
        "town": town(rng),
        "plat": f"{town(rng)} {pick(rng, ('Heights', 'Estates', 'Addition', 'Acres'))}",
        "sum": f"{int(rng.integers(21_000, 680_000)):,}.{int(rng.integers(100)):02}",
        "rate": f"{rng.uniform(2.5, 9.5):.2f}",
        "deposit": pick(rng, ("five", "ten", "fifteen", "twenty")),
        "days": pick(rng, ("twenty", "thirty", "forty-five", "sixty")),
        "judge": person(rng),
        "clerk": person(rng),
        "attorney": person(rng),
        "firm": f"{surname(rng)}, {surname(rng)} & {surname(rng)}",
        "phone": phone(rng),
        "run": date(rng),
    }


LEGAL_NOTICE = Form("legal-notice", _legal_facts)

_POSTS = (
    "Warehouse Supervisor",
    "Registered Nurse",
    "Bookkeeper",
    "Maintenance Technician",
    "Sales Representative",
    "Line Cook",
    "Delivery Driver",
    "Software Developer",
    "Office Manager",
    "Quality Inspector",
    "Dental Assistant",
    "Payroll Clerk",
    "Forklift Operator",
    "Site Engineer",
)
_DUTIES = (
    "plan the shifts of the team",
    "keep records up to date",
    "answer questions of customers by telephone and mail",
    "train new members of staff",
    "check deliveries against orders",
    "prepare monthly reports for the management",
    "see that safety rules are followed",
    "order supplies",
    "keep tools and rooms clean",
    "work with other departments to meet deadlines",
    "look after the accounts of small clients",
    "report faults and follow up repairs",
)
_SKILLS = (
    "good command of spreadsheets",
    "a valid driving licence",
    "the ability to lift twenty kilos",
    "friendly manners on the telephone",
    "experience in a similar post",
    "willingness to work at weekends",
    "an eye for detail",
    "a certificate in first aid",
    "fluent spoken and written English",
    "knowledge of a second language",
)


def _job_facts(rng: Generator) -> Facts:
    duties, skills = rng.permutation(len(_DUTIES)).tolist(), rng.permutation(len(_SKILLS)).tolist()
    name = firm(rng)
    return {
        "post": pick(rng, _POSTS),
        "firm": name,
        "legal": legal_form(rng),
        "town": town(rng),
        "founded": str(int(rng.integers(1891, 2015))),
        "staff": whole(rng, 12, 3_400),
        "sites": count(rng, 2, 12),
        "low": whole(rng, 24_000, 52_000, 500),
        "high": whole(rng, 53_000, 96_000, 500),
        "hours": whole(rng, 30, 40),
        "leave": whole(rng, 15, 30),
        "experience": count(rng, 1, 6),
        "duty": _DUTIES[duties[0]],
        "second_duty": _DUTIES[duties[1]],
        "third_duty": _DUTIES[duties[2]],
        "fourth_duty": _DUTIES[duties[3]],
        "skill": _SKILLS[skills[0]],
        "second_skill": _SKILLS[skills[1]],
        "third_skill": _SKILLS[skills[2]],
        "contact": person(rng),
        "phone": phone(rng),
        "close": date(rng),
        "start": date(rng),
        "reference": f"{pick(rng, 'ABCDEFGH')}{int(rng.integers(100, 99999))}",
    }


JOB_ADVERTISEMENT = Form("job-advertisement", _job_facts)
