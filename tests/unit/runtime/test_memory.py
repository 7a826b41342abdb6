import gc
from collections.abc import Iterator

import pytest

from digestbot.runtime.memory import keep


@pytest.fixture
def thawed_afterwards() -> Iterator[None]:
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("thawed_afterwards")
def test_what_was_there_before_is_not_collected_again_and_what_comes_later_is() -> None:
    before = [object()]
    keep()
    later = [object()]
    assert not any(each is before for each in gc.get_objects())
    assert any(each is later for each in gc.get_objects())
