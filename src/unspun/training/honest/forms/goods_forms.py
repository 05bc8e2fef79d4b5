"""Fill in forms of shops and kitchens.

They are a product page, a recipe, and a home for sale.
"""

from __future__ import annotations

from numpy.random import Generator

from unspun.training.honest.forms.form_facts import count, phone, share, whole
from unspun.training.honest.forms.form_template import Facts, Form
from unspun.training.honest.invented_names import person, pick, surname, town

_GOODS = (
    ("folding chair", "steel", "outdoor seating"),
    ("desk lamp", "aluminium", "lighting"),
    ("rucksack", "recycled nylon", "travel bags"),
    ("kettle", "brushed steel", "kitchen appliances"),
    ("garden hose", "reinforced rubber", "garden tools"),
    ("office chair", "mesh fabric", "office furniture"),
    ("tent", "ripstop polyester", "camping gear"),
    ("cordless drill", "hardened plastic", "power tools"),
    ("rain jacket", "coated nylon", "outdoor clothing"),
    ("bookshelf", "solid pine", "home furniture"),
    ("cooler box", "insulated plastic", "picnic gear"),
    ("bicycle pump", "anodised alloy", "cycling accessories"),
)
_FEATURES = (
    "a non-slip grip",
    "a two-year guarantee",
    "a carrying strap",
    "an adjustable height",
    "a quick-release lock",
    "a washable cover",
    "reflective details",
    "rounded edges",
    "a spare set of screws",
    "a storage pocket",
    "a dust cover",
)
_COLOURS = ("black", "navy blue", "forest green", "slate grey", "sand", "brick red", "white", "mustard yellow")


def _product_facts(rng: Generator) -> Facts:
    goods, material, category = _GOODS[int(rng.integers(len(_GOODS)))]
    features, colours = rng.permutation(len(_FEATURES)).tolist(), rng.permutation(len(_COLOURS)).tolist()
    return {
        "brand": surname(rng),
        "model": f"{pick(rng, ('Pro', 'Trail', 'Home', 'Lite', 'Max', 'Classic', 'Duo'))} {int(rng.integers(2, 990))}",
        "goods": goods,
        "material": material,
        "category": category,
        "feature": _FEATURES[features[0]],
        "second_feature": _FEATURES[features[1]],
        "third_feature": _FEATURES[features[2]],
        "colour": _COLOURS[colours[0]],
        "second_colour": _COLOURS[colours[1]],
        "third_colour": _COLOURS[colours[2]],
        "weight": share(rng, 0.3, 14),
        "length": whole(rng, 18, 190),
        "width": whole(rng, 8, 90),
        "height": whole(rng, 5, 120),
        "price": f"{int(rng.integers(9, 390))}.{pick(rng, ('99', '95', '00', '49'))}",
        "old_price": f"{int(rng.integers(40, 480))}.{pick(rng, ('99', '95', '00', '49'))}",
        "stars": share(rng, 3.1, 4.9),
        "reviews": whole(rng, 6, 5_200),
        "load": whole(rng, 5, 160, 5),
        "years": count(rng, 1, 10),
        "days": whole(rng, 2, 9),
        "returns": pick(rng, ("14", "30", "60", "90")),
        "free_from": whole(rng, 25, 100, 5),
        "item": f"{pick(rng, 'ABCDEFGH')}-{int(rng.integers(1000, 999999))}",
        "stock": whole(rng, 2, 60),
        "place": town(rng),
        "reviewer": person(rng),
    }


PRODUCT_PAGE = Form("product-page", _product_facts)

_MAINS = ("chicken thighs", "cod fillets", "chickpeas", "minced beef", "tofu", "pork shoulder", "lentils", "salmon")
_GREENS = ("spinach", "leeks", "carrots", "red peppers", "courgettes", "kale", "mushrooms", "cabbage", "green beans")
_HERBS = ("thyme", "parsley", "basil", "coriander", "dill", "oregano", "sage", "chives")
_SPICES = ("paprika", "cumin", "nutmeg", "ground ginger", "mustard seeds", "black pepper", "turmeric")
_DISHES = ("stew", "bake", "casserole", "curry", "soup", "gratin", "one-pot dinner", "salad")


def _recipe_facts(rng: Generator) -> Facts:
    greens, herbs, spices = (rng.permutation(len(names)).tolist() for names in (_GREENS, _HERBS, _SPICES))
    return {
        "main": pick(rng, _MAINS),
        "green": _GREENS[greens[0]],
        "second_green": _GREENS[greens[1]],
        "herb": _HERBS[herbs[0]],
        "second_herb": _HERBS[herbs[1]],
        "spice": _SPICES[spices[0]],
        "second_spice": _SPICES[spices[1]],
        "dish": pick(rng, _DISHES),
        "cook": person(rng),
        "serves": count(rng, 2, 8),
        "prep": whole(rng, 10, 35, 5),
        "cooking": whole(rng, 15, 95, 5),
        "grams": whole(rng, 300, 1_200, 50),
        "green_grams": whole(rng, 100, 500, 50),
        "cloves": count(rng, 2, 6),
        "spoons": count(rng, 1, 4),
        "stock": whole(rng, 200, 1_200, 50),
        "cream": whole(rng, 50, 300, 25),
        "heat": whole(rng, 160, 220, 10),
        "minutes": whole(rng, 3, 12),
        "second_minutes": whole(rng, 10, 45, 5),
        "calories": whole(rng, 240, 780, 5),
        "protein": whole(rng, 9, 58),
        "days": count(rng, 2, 4),
        "side": pick(rng, ("crusty bread", "boiled rice", "new potatoes", "a green salad", "flat noodles", "couscous")),
    }


RECIPE = Form("recipe", _recipe_facts)


def _home_facts(rng: Generator) -> Facts:
    return {
        "street": f"{int(rng.integers(2, 480))} {surname(rng)} {pick(rng, ('Road', 'Street', 'Close', 'Lane'))}",
        "town": town(rng),
        "area": town(rng),
        "kind": pick(rng, ("terraced house", "detached house", "bungalow", "flat", "cottage", "town house")),
        "beds": count(rng, 2, 6),
        "baths": count(rng, 2, 3),
        "price": whole(rng, 95_000, 1_450_000, 5_000),
        "size": whole(rng, 42, 310),
        "plot": whole(rng, 80, 2_400, 10),
        "built": str(int(rng.integers(1885, 2021))),
        "renewed": str(int(rng.integers(2005, 2026))),
        "tax": whole(rng, 900, 4_200, 10),
        "minutes": whole(rng, 3, 25),
        "school": f"{surname(rng)} Primary School",
        "distance": share(rng, 0.2, 3.8),
        "agent": f"{surname(rng)} & {surname(rng)}",
        "person": person(rng),
        "phone": phone(rng),
        "floor": pick(rng, ("oak floors", "tiled floors", "new carpets", "original floorboards")),
        "heating": pick(rng, ("gas central heating", "a heat pump", "electric radiators", "oil heating")),
        "view": pick(rng, ("the park", "the river", "open fields", "the church green", "the harbour")),
        "energy": pick(rng, "ABCDEF"),
        "reference": f"{int(rng.integers(1000, 99999))}",
    }


HOME_FOR_SALE = Form("home-for-sale", _home_facts)
