from digestbot.commands.mistakes import did_you_mean, nearest, shortened


def test_the_most_similar_candidate_is_the_hint_whatever_its_case() -> None:
    assert nearest("bmma-2020", ["oscars-2005", "BBMA-2020"]) == "BBMA-2020"


def test_a_candidate_that_holds_what_was_typed_is_a_hint_too() -> None:
    assert nearest("gala", ["oscars-2005", "gala-of-the-year-2026"]) == "gala-of-the-year-2026"
    assert nearest("ga", ["gala-of-the-year-2026"]) is None


def test_there_is_no_hint_where_nothing_is_near() -> None:
    assert nearest("xyzzy", ["oscars-2005"]) is None
    assert did_you_mean("xyzzy", ["oscars-2005"]) == ""
    assert did_you_mean("xyzzy", [], "Ask again.") == " Ask again."


def test_a_hint_is_a_sentence_to_append() -> None:
    assert did_you_mean("lates", ["latest"]) == " Did you mean ‘latest’?"


def test_only_the_first_two_thousand_candidates_are_looked_at() -> None:
    many = [f"candidate-number-{number}" for number in range(2_000)]
    assert nearest("zebra", [*many, "zebra"]) is None
    assert nearest("zebra", [*many[1:], "zebra"]) == "zebra"


def test_what_was_typed_is_repeated_shortened_and_on_one_line() -> None:
    assert shortened("a\n b") == "a b"
    assert shortened("x" * 100) == "x" * 59 + "…"
