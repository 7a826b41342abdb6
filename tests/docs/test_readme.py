"""The README's commands and files are there, and its first story is good."""

import re
from pathlib import Path

from digestbot.curation.parse import read_folder

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_it_shows_the_two_commands_and_the_makefile_has_them() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for verb in set(re.findall(r"^make ([a-z]+)", README, flags=re.MULTILINE)) | {"demo", "test"}:
        assert f"make {verb}" in README
        assert re.search(rf"^{verb}:", makefile, flags=re.MULTILINE), verb


def test_everything_that_pages_link_to_is_there() -> None:
    for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        words = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", words):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_its_first_story_is_good_and_has_no_more_than_ten_lines_between_its_marks(tmp_path: Path) -> None:
    (story,) = re.findall(r"```yaml\n(---\n.*?---\n)```", README, flags=re.DOTALL)
    assert story.count("\n") - 2 <= 10
    (tmp_path / "first-story.md").write_text(story, encoding="utf-8")
    batch = read_folder(tmp_path)
    assert batch.problems == ()
    assert batch.stories["first-story"].headline == "Our first card"


def test_every_room_is_in_the_architecture() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rooms = [path.stem for path in (ROOT / "digestbot").iterdir() if not path.name.startswith(("_", "py.typed"))]
    assert [room for room in rooms if f"`{room}`" not in page and f"`{room}/" not in page] == []


def test_every_library_has_its_line_of_reason() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").casefold()
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    wanted = re.search(r"^dependencies = \[(.*?)^\]", project, flags=re.MULTILINE | re.DOTALL)
    assert wanted
    extras = re.search(r"^\[project.optional-dependencies\]\n(.*?)\n\n", project, flags=re.MULTILINE | re.DOTALL)
    assert extras
    names = re.findall(r'"([A-Za-z0-9.-]+)', wanted[1] + extras[1])
    assert [name for name in names if name.casefold() not in page] == []


def test_every_module_says_what_it_is_for() -> None:
    missing = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "digestbot").rglob("*.py")
        if not path.read_text(encoding="utf-8").lstrip().startswith(('"""', "#!"))
    ]
    assert missing == []
