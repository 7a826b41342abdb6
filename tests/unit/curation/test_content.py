from pathlib import Path

import pytest

from digestbot import content
from digestbot.curation.parse import read_folder
from digestbot.errors import StartupError


def test_a_checkout_has_them_beside_the_package() -> None:
    root = Path(content.__file__).parents[1]
    assert (content.templates(), content.stories(), content.config()) == (
        root / "templates",
        root / "stories",
        root / "config",
    )


def test_a_wheel_has_them_inside_the_package_and_nothing_beside_it_counts(tmp_path: Path) -> None:
    package = tmp_path / "site-packages" / "digestbot"
    (package / "shipped" / "stories").mkdir(parents=True)
    (package.parent / "stories").mkdir()
    assert content._folder("stories", package) == package / "shipped" / "stories"


def test_a_missing_folder_says_where_it_was_looked_for_and_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StartupError) as caught:
        content._folder("stories", tmp_path / "digestbot")
    assert str(caught.value) == (
        f"The folder stories/ that comes with digestbot is missing: it was looked for in {tmp_path}/digestbot/shipped"
        f" and {tmp_path}. Install digestbot again, or run it from a complete checkout."
    )


def test_the_stories_that_come_with_digestbot_are_good() -> None:
    batch = read_folder(content.stories())
    assert batch.problems == ()
    assert "bbma-2020-never-break" in batch.stories
    assert all(story.event for story in batch.stories.values())
