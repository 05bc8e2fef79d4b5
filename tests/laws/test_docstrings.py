"""What a public function takes, returns and raises stands in its docstring, in numpydoc's sections."""

import ast
import re
from pathlib import Path

import pytest

from unspun.app.cli import app

PACKAGE = Path(__file__).parents[2] / "src" / "unspun"
Function = ast.FunctionDef | ast.AsyncFunctionDef


def is_public(name):
    return not name.startswith("_")


def public_functions(body, prefix=""):
    """Return the public functions of a module and of its public classes, by qualified name."""
    for node in body:
        if isinstance(node, Function) and is_public(node.name):
            yield prefix + node.name, node
        elif isinstance(node, ast.ClassDef) and is_public(node.name):
            yield from public_functions(node.body, f"{prefix}{node.name}.")


def parameters(function, is_method):
    """Return the names of the parameters, without ``self`` or ``cls``."""
    given = function.args
    static = any(isinstance(one, ast.Name) and one.id == "staticmethod" for one in function.decorator_list)
    positional = [one.arg for one in given.posonlyargs + given.args][is_method and not static :]
    others = [one.arg for one in (given.vararg, *given.kwonlyargs, given.kwarg) if one is not None]
    return positional + others


def own_nodes(function):
    """Return what stands in the function itself, not in functions or classes inside it."""
    waiting = list(function.body)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, Function | ast.ClassDef | ast.Lambda):
            waiting.extend(ast.iter_child_nodes(node))


def raises(function):
    """Return whether the function says itself that it raises an error; passing one on with a bare raise is not that."""
    return any(isinstance(node, ast.Raise) and node.exc is not None for node in own_nodes(function))


def gives_nothing(function):
    annotation = ast.unparse(function.returns) if function.returns else "None"
    return annotation in ("None", "NoReturn", "Never")


def sections(docstring):
    """Return the text of each section of a numpydoc docstring, by title."""
    parts = re.split(r"^([A-Z]\w+(?: \w+)?)\n-{3,}$", docstring, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def lacks(function, is_method):
    """Return what the docstring of a function of two parameters or more does not say."""
    names = parameters(function, is_method)
    if len(names) < 2:
        return []
    found = sections(ast.get_docstring(function) or "")
    told = re.findall(r"^(\S.*?)(?: ?:.*)?$", found.get("Parameters", ""), flags=re.MULTILINE)
    told = {name.lstrip("*") for line in told for name in re.split(r",\s*", line)}
    missing = [f"parameter {name}" for name in names if name not in told]
    if not gives_nothing(function) and not {"Returns", "Yields"} & set(found):
        missing.append("Returns")
    if raises(function) and "Raises" not in found:
        missing.append("Raises")
    return missing


def lacking():
    """Return what is missing in the docstring of each public function, by module and qualified name."""
    # The docstring of a command is its help text, and each parameter carries its own.
    commands = {(one.callback.__module__, one.callback.__name__) for one in app.registered_commands}
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        module = ".".join(("unspun", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")
        if not all(is_public(part) or part == "__main__" for part in module.split(".")):
            continue
        for name, function in public_functions(ast.parse(path.read_text(encoding="utf-8")).body):
            missing = [] if (module, name) in commands else lacks(function, is_method="." in name)
            if missing:
                found[f"{module}.{name}"] = missing
    return found


def test_docstrings_say_what_goes_in_and_comes_out():
    missing = lacking()
    assert not missing, f"give these functions the numpydoc sections that they lack: {missing}"


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("def f(a): raise ValueError", []),
        ("def f(a, b) -> None: pass", ["parameter a", "parameter b"]),
        ('def f(a, b) -> int:\n "Add.\\n\\nParameters\\n----------\\na, b : int\\n  Numbers."', ["Returns"]),
        (
            'def f(a, *b):\n "Add.\\n\\nParameters\\n----------\\na : int\\n  N.\\n*b : int\\n  N."\n raise ValueError',
            ["Raises"],
        ),
    ],
)
def test_the_law_sees_what_is_missing(text, missing):
    assert lacks(ast.parse(text).body[0], is_method=False) == missing
