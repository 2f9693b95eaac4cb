from __future__ import annotations

import pytest

from ormlint.graph.link.names import of_model, of_schema, relation, role_of, words


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("PersonResponse", ("person", "response")),
        ("HTTPRequestOut", ("http", "request", "out")),
        ("RecipeCategories", ("recipe", "category")),
        ("OAuth2Client", ("o", "auth2", "client")),
        ("Address", ("address",)),
        ("", ()),
    ],
)
def test_words(name: str, expected: tuple[str, ...]) -> None:
    assert words(name) == expected


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("PersonResponse", "read"),
        ("PersonCreate", "create"),
        ("CreatePerson", "create"),
        ("PersonUpdateRequest", "update"),
        ("UserCreateInternal", "create"),
        ("DeviceCreateResponse", "read"),
        ("CreateUserResponseDTO", "read"),
        ("PersonBase", "base"),
        ("PersonInDB", "read"),
        ("PersonInDBBase", "base"),
        ("PersonCreateInDB", "create"),
        ("NestedPersonRead", "read"),
        ("PersonFilter", "filter"),
        ("AssignmentWithWarnings", "other"),
        ("Person", "other"),
    ],
)
def test_roles(name: str, role: str) -> None:
    assert of_schema(name).role == role


def test_the_words_of_the_model_say_nothing_of_the_role() -> None:
    assert role_of(words("UserSaveSchema")) == "create"
    assert role_of(words("UserSaveSchema"), of_model("Save")) == "other"
    assert role_of(words("SearchFilterCreate"), of_model("SearchFilter")) == "create"


@pytest.mark.parametrize(
    ("schema", "model", "expected"),
    [
        ("PersonRead", "Person", "same"),
        ("ReadWebhook", "WebhookModel", "same"),
        ("ShoppingListOut", "ShoppingList", "same"),
        ("PersonInDB", "Person", "same"),
        ("NestedPersonRead", "Person", "same"),
        ("Credential", "ProcedureCredential", "part"),
        ("AdminUserRead", "User", "part"),
        ("LeaveRead", "Absence", "none"),
        ("HiddenEntityRead", "HiddenEntity", "same"),
    ],
)
def test_relations(schema: str, model: str, expected: str) -> None:
    assert relation(of_schema(schema), of_model(model), words(model)) == expected


@pytest.mark.parametrize(
    ("name", "cores"),
    [
        ("PostBase", ["post base", "base", "post"]),
        ("PostRead", ["post read", "read", "post"]),
        (
            "PostCreateInternal",
            ["post create internal", "create internal", "post create", "create", "internal", "post"],
        ),
    ],
)
def test_what_is_left_of_a_name_is_in_one_order(name: str, cores: list[str]) -> None:
    """`post` is what comes before a name, too, as of a request."""
    assert [" ".join(each) for each in of_schema(name).cores] == cores
