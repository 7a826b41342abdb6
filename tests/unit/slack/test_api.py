import pytest

from digestbot.platforms.slack.api import make_session


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


async def test_the_environment_is_asked_for_each_call_only_where_it_names_a_proxy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with make_session() as session:
        assert not session.trust_env
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    async with make_session() as session:
        assert session.trust_env
