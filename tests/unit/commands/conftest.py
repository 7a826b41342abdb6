import pytest

from digestbot.rendering.renderer import Renderer
from tests.unit.commands.world import World, real_renderer


@pytest.fixture(scope="session")
def renderer() -> Renderer:
    return real_renderer()


@pytest.fixture
def world(renderer: Renderer) -> World:
    return World(renderer=renderer)
