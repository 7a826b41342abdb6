"""What the loopback Discord takes and refuses: every limit at its edge."""

from typing import Any

import pytest

from tests.servers.discord.bodies import Body, Upload, check_nonce, created, edited
from tests.servers.discord.message import Message, Shown
from tests.servers.discord.refusals import Refusal
from tests.servers.discord.world import Channel, User

V2 = 1 << 15
Json = dict[str, Any]


def text(content: str = "x", **more: object) -> Json:
    return {"type": 10, "content": content, **more}


def button(**more: object) -> Json:
    return {"type": 2, "style": 1, "label": "Go", "custom_id": "go", **more}


def link(url: str = "https://a.example", **more: object) -> Json:
    return {"type": 2, "style": 5, "label": "Go", "url": url, **more}


def row(*parts: Json) -> Json:
    return {"type": 1, "components": list(parts)}


def item(url: str = "https://a.example/b.png", **more: object) -> Json:
    return {"media": {"url": url}, **more}


def gallery(*items: Json) -> Json:
    return {"type": 12, "items": list(items)}


def section(*texts: Json, accessory: Json) -> Json:
    return {"type": 9, "components": list(texts), "accessory": accessory}


def container(*parts: Json, **more: object) -> Json:
    return {"type": 17, "components": list(parts), **more}


def v2(*parts: Json) -> Json:
    return {"flags": V2, "components": list(parts)}


def embed(**parts: object) -> Json:
    return {"embeds": [parts]}


TAKEN: list[Json] = [
    {"content": "x" * 2000},
    {"content": "  " + "x" * 2000 + "\n"},
    {"content": "🎬" * 1000},
    {"embeds": [{"title": "x" * 256} for _ in range(10)]},
    embed(description="x" * 4096),
    embed(fields=[{"name": "x" * 100, "value": "y" * 140}] * 25),
    embed(fields=[{"name": "x" * 256, "value": "y" * 1024}]),
    embed(footer={"text": "x" * 2048}, author={"name": "x" * 256}),
    {"embeds": [{"description": "x" * 4000}, {"description": "x" * 2000}]},
    {"content": "x", "components": [row(button(), link())]},
    v2(text("x" * 4000)),
    v2(text("字" * 3386)),
    v2(*[text() for _ in range(40)]),
    v2(container(text(), {"type": 14, "spacing": 2}, gallery(item(description="x" * 1024)), row(link()), spoiler=True)),
    v2(section(text(), text(), text(), accessory={"type": 11, **item()})),
    v2(section(text(), accessory=button(custom_id="x" * 100, label="x" * 80))),
    v2(gallery(*[item() for _ in range(10)])),
    v2(row(link("https://a.example/" + "x" * 494))),
    v2(row({"type": 3, "custom_id": "pick", "options": [{"label": "x" * 100, "value": "x"}] * 25})),
    {"content": "x", "allowed_mentions": {"parse": ["users"], "roles": ["1"] * 100}},
    {"content": "x", "allowed_mentions": {"parse": []}},
]

REFUSED: list[tuple[Json, str]] = [
    ({"content": "x" * 2001}, "content"),
    ({"content": "🎬" * 1001}, "content"),
    ({"content": 5}, "content"),
    ({"embeds": [{"title": "x"} for _ in range(11)]}, "embeds"),
    (embed(title="x" * 257), "embeds.0.title"),
    (embed(description="x" * 4097), "embeds.0.description"),
    (embed(), "embeds.0.description"),
    (embed(fields=[{"name": "x", "value": "y"}] * 26), "embeds.0.fields"),
    (embed(fields=[{"name": "x" * 257, "value": "y"}]), "embeds.0.fields.0.name"),
    (embed(fields=[{"name": "x", "value": "y" * 1025}]), "embeds.0.fields.0.value"),
    (embed(fields=[{"name": "x", "value": " "}]), "embeds.0.fields.0.value"),
    (embed(title="x", footer={"text": "x" * 2049}), "embeds.0.footer.text"),
    (embed(title="x", author={"name": "x" * 257}), "embeds.0.author.name"),
    (embed(title="x", url="example.com"), "embeds.0.url"),
    (embed(title="x", image={"url": "javascript://x"}), "embeds.0.image.url"),
    (embed(title="x", color=1 << 24), "embeds.0.color"),
    (embed(title="x", timestamp="yesterday"), "embeds.0.timestamp"),
    ({"embeds": [{"description": "x" * 4000}, {"description": "x" * 2001}]}, "embeds"),
    (v2(text("x" * 4001)), "components.0.content"),
    (v2(text("x" * 2001), text("x" * 2000)), "components"),
    (v2(text("")), "components.0.content"),
    (v2(*[text() for _ in range(41)]), "components"),
    (v2(container(*[text() for _ in range(40)])), "components"),
    (v2(text(id=7), text(id=7)), "components"),
    (v2(row(button(), button())), "components"),
    (v2(row(button(custom_id=""))), "components.0.components.0.custom_id"),
    (v2(row(button(custom_id="x" * 101))), "components.0.components.0.custom_id"),
    (v2(row(button(label="x" * 81))), "components.0.components.0.label"),
    (v2(row(button(label=""))), "components.0.components.0.label"),
    (v2(row(button(url="https://a.example"))), "components.0.components.0.url"),
    (v2(row(link("https://a.example/" + "x" * 495))), "components.0.components.0.url"),
    (v2(row(link("javascript:alert(1)"))), "components.0.components.0.url"),
    (v2(row(link(custom_id="x"))), "components.0.components.0.custom_id"),
    (v2(row(*[button(custom_id=str(n)) for n in range(6)])), "components.0.components"),
    (v2(row()), "components.0.components"),
    (
        v2(row(button(), {"type": 3, "custom_id": "p", "options": [{"label": "x", "value": "x"}]})),
        "components.0.components",
    ),
    (v2(row(text())), "components.0.components.0.type"),
    (v2(section(*[text()] * 4, accessory=button())), "components.0.components"),
    (v2({"type": 9, "components": [text()]}), "components.0.accessory.type"),
    (v2(gallery()), "components.0.items"),
    (v2(gallery(*[item()] * 11)), "components.0.items"),
    (v2(gallery(item(description="x" * 1025))), "components.0.items.0.description"),
    (v2(gallery(item("attachment://none.png"))), "components"),
    (v2(container()), "components.0.components"),
    (v2(container(container(text()))), "components.0.components.0.type"),
    (v2(container(text(), accent_color=1 << 24)), "components.0.accent_color"),
    (v2({"type": 14, "spacing": 3}), "components.0.spacing"),
    (v2(button()), "components.0.type"),
    ({"content": "x", "components": [text()]}, "components.0.type"),
    ({"content": "x", "components": [row(button(custom_id=str(n))) for n in range(6)]}, "components"),
    ({**v2(text()), "content": "x"}, "content"),
    ({**v2(text()), "embeds": [{"title": "x"}]}, "embeds"),
    ({**v2(text()), "poll": {"question": {}}}, "poll"),
    ({"content": "x", "sticker_ids": ["1"] * 4}, "sticker_ids"),
    ({"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}}, "allowed_mentions"),
    ({"content": "x", "allowed_mentions": {"parse": ["all"]}}, "allowed_mentions.parse.0"),
    ({"content": "x", "allowed_mentions": {"users": ["1"] * 101}}, "allowed_mentions.users"),
    ({"content": "x", "attachments": [{"id": 0, "description": "x" * 1025}]}, "attachments.0.description"),
]


@pytest.mark.parametrize("body", TAKEN, ids=range(len(TAKEN)))
def test_what_is_within_the_limits_is_taken(body: Json) -> None:
    assert created(Body(body)) != Shown()


@pytest.mark.parametrize(("body", "path"), REFUSED, ids=range(len(REFUSED)))
def test_what_is_over_a_limit_is_refused_at_its_place(body: Json, path: str) -> None:
    with pytest.raises(Refusal) as caught:
        created(Body(body))
    assert (caught.value.status, caught.value.code) == (400, 50035)
    here = caught.value.body["errors"]
    for step in path.split("."):
        here = here[step]
    assert set(here["_errors"][0]) == {"code", "message"}


@pytest.mark.parametrize("body", [{}, {"content": " \n"}, {"embeds": []}, {"flags": V2, "components": []}])
def test_an_empty_message_is_refused(body: Json) -> None:
    with pytest.raises(Refusal) as caught:
        created(Body(body))
    assert caught.value.code == 50006


@pytest.mark.parametrize(
    "body",
    [
        v2(text("字" * 3387)),
        v2(*[gallery(*[item()] * 10) for _ in range(6)], gallery(*[item()] * 5)),
    ],
)
def test_some_bodies_break_the_server_though_they_are_within_the_limits(body: Json) -> None:
    with pytest.raises(Refusal) as caught:
        created(Body(body))
    assert caught.value.status == 500


def test_nonces_are_25_characters_or_a_number() -> None:
    check_nonce({"nonce": "n" * 25})
    check_nonce({"nonce": 2**63})
    refused: list[Json] = [{"nonce": "n" * 26}, {"nonce": []}, {"nonce": 1.5}]
    for wrong in refused:
        with pytest.raises(Refusal):
            check_nonce(wrong)


def test_components_that_came_without_an_id_get_one() -> None:
    shown = created(Body(v2(text(id=2), container(text(), text(id=9)))))
    assert [part["id"] for part in shown.components] == [2, 1]
    assert [part["id"] for part in shown.components[1]["components"]] == [3, 9]


def test_of_embeds_with_one_address_the_first_is_shown() -> None:
    one = {"title": "one", "url": "https://a.example"}
    shown = created(Body({"embeds": [one, {"title": "two", "url": "https://a.example"}]}))
    assert shown.embeds == (one,)


def test_an_uploaded_file_may_be_referred_to() -> None:
    body = Body(v2(gallery(item("attachment://card.png"))), [Upload(1, "files[0]", "card.png", 9)])
    assert [each["filename"] for each in created(body).attachments] == ["card.png"]


def posted(body: Json) -> Message:
    return Message(1, Channel(2, "news", 0), User(3, "bot"), body, created(Body(body)), 0.0)


def test_an_edit_keeps_what_it_does_not_name() -> None:
    message = posted({"content": "one", "embeds": [{"title": "t"}]})
    after = edited(Body({"content": "two"}), message)
    assert (after.content, after.embeds) == ("two", ({"title": "t"},))
    with pytest.raises(Refusal):
        edited(Body({"content": None, "embeds": []}), message)


def test_an_edit_into_components_must_empty_the_old_parts() -> None:
    message = posted({"content": "one", "embeds": [{"title": "t"}]})
    with pytest.raises(Refusal) as caught:
        edited(Body(v2(text())), message)
    assert set(caught.value.body["errors"]) == {"content", "embeds"}
    after = edited(Body({**v2(text()), "content": None, "embeds": []}), message)
    assert (after.content, after.embeds, after.flags) == ("", (), V2)


def test_the_components_flag_is_never_removed() -> None:
    message = posted(v2(text()))
    assert edited(Body({"components": [text("two")]}), message).flags == V2
    for body in ({"flags": 0}, {"content": "plain"}, {"flags": 0, "content": "plain", "components": []}):
        with pytest.raises(Refusal):
            edited(Body(body), message)
