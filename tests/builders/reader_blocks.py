"""Run the blocks of a document as a reader would: top to bottom, one shell, in a copy of the checkout."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
# A number that the model or the machine makes may differ a little from the one shown.
NUMBER = re.compile(r"[+−-]?\d[\d,]*(?:\.\d+)?")
TOLERANCE = 0.1


@dataclass
class Step:
    """What a reader types, the language it is in, and what the document shows below it."""

    language: str
    typed: str
    shown: str = ""
    out: str = ""
    err: str = ""
    code: int = -1


def blocks(text):
    """Return the language and the body of every fenced block."""
    found = re.findall(r"^( *)```(\w*)[^\n]*\n(.*?)^\1```", text, re.MULTILINE | re.DOTALL)
    return [(language, re.sub(rf"^{indent}", "", body, flags=re.MULTILINE)) for indent, language, body in found]


def steps(path):
    """Return the steps of a document: every command after `$`, and every Python block with the text block below it."""
    made = []
    for language, body in blocks(path.read_text(encoding="utf-8")):
        if language == "console":
            for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
                typed, shown = re.match(r"((?:[^\n]*\\\n)*[^\n]*)\n?(.*)", part, re.DOTALL).groups()
                made.append(Step("console", typed, shown))
        elif language == "python":
            made.append(Step("python", body))
        elif language == "text" and made and made[-1].language == "python":
            made[-1].shown = body
    return made


def checkout(folder):
    """Return a copy of the checkout by links, with an environment that is set up and nothing built."""
    for path in ROOT.iterdir():
        if path.name not in {".git", ".venv", "build", "dist"}:
            (folder / path.name).symlink_to(path)
    (folder / ".venv").mkdir()
    for path in Path(sys.prefix).iterdir():
        if path.name != ".installed":
            (folder / ".venv" / path.name).symlink_to(path)
    (folder / ".venv" / ".installed").touch()
    return folder


def after(earlier):
    """Return Python that runs earlier blocks again, silently."""
    if not earlier:
        return ""
    silent = "import contextlib, io\nwith contextlib.redirect_stdout(io.StringIO()):\n"
    return silent + "".join(f"    exec({block!r})\n" for block in earlier)


def run(wanted, folder, notes):
    """Run steps in one shell and fill in what each of them printed; Python blocks go on from those above them."""
    script, python = [], []
    for number, step in enumerate(wanted):
        typed = step.typed
        if step.language == "python":
            (notes / f"{number}.py").write_text(after(python) + step.typed, encoding="utf-8")
            python.append(step.typed)
            typed = f"python '{notes}/{number}.py'"
        here = f"{notes}/{number}"
        script.append(f"{{ {typed}\n}} >'{here}.out' 2>'{here}.err'; echo $? >'{here}.rc'")
    (notes / "script").write_text("\n".join(script), encoding="utf-8")
    # Below another make, make says which folder it enters and leaves: a reader's shell lies below none.
    environment = {
        name: value for name, value in os.environ.items() if name not in {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}
    }
    subprocess.run(["bash", str(notes / "script")], cwd=folder, env=environment, check=False, timeout=600)
    for number, step in enumerate(wanted):
        step.out, step.err = ((notes / f"{number}.{kind}").read_text(encoding="utf-8") for kind in ("out", "err"))
        step.code = int((notes / f"{number}.rc").read_text())


def unlike(step):
    """Return what a step showed in a document and did not print, or printed and did not show; empty if all is well."""
    shown = [line.rstrip() for line in step.shown.splitlines()]
    said = [line.rstrip() for line in step.err.splitlines()]
    printed = [line.rstrip() for line in step.out.splitlines()]
    # What goes to standard error may be shown or not; what goes to standard output must be.
    shown = [line for line in shown if line in printed or not any(alike(line, one) for one in said)]
    if len(shown) == len(printed) and all(map(alike, shown, printed)):
        return ""
    if step.typed == "make setup":  # What it prints depends on what a machine has.
        return ""
    return f"$ {step.typed}\nshown:\n{step.shown}\nprinted:\n{step.out}\nand on standard error:\n{step.err}"


def alike(shown, printed):
    """Return whether two lines have the same words, and numbers that are near."""
    if re.sub(r"\s+", " ", NUMBER.sub("0", shown)) != re.sub(r"\s+", " ", NUMBER.sub("0", printed)):
        return False
    return all(map(near, NUMBER.findall(shown), NUMBER.findall(printed)))


def near(shown, printed):
    """Return whether two numbers differ by a tenth at most, of one or of the number."""
    first, second = (float(number.replace(",", "").replace("−", "-")) for number in (shown, printed))
    return abs(first - second) <= TOLERANCE * max(1, abs(first))
