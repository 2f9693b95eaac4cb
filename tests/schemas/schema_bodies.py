"""Random bodies of schemas, as text: fields and configuration."""

from __future__ import annotations

from hypothesis import strategies as st

TYPES = [
    "int",
    "str",
    "bool",
    "Any",
    "datetime.date",
    "Color",
    "UserId",
    "Optional[int]",
    "int | None",
    "Union[int, str]",
    "Union[str, None, int]",
    "Literal['a', 'b']",
    "Literal['a', None]",
    "list[int]",
    "List[Optional[str]]",
    "dict[str, Any]",
    "Tuple[int, ...]",
    "constr(max_length=5)",
    "conint(gt=3)",
    "Maybe",
    "'Later'",
    "Optional['Later']",
    "'list[Later] | None'",
    "'int | None'",
]
TYPES_2 = [
    "Short",
    "Alias",
    "Annotated[int, Field(gt=1)]",
    "Annotated[Optional[str], 'said']",
    "Annotated[int, Field(alias='inAnnotated')]",
    "Annotated[int, Field(default=7)]",
    "Annotated[str, Field(default=None, exclude=True)]",
    "Annotated[str, BeforeValidator(str)]",
    "Annotated[Cat | Dog, Field(discriminator='kind')]",
    "Annotated[int, Field(alias='first'), Field(alias='second')]",
    "Annotated[Optional[int], Field(validation_alias='read', exclude=True)]",
    "JsonValue",
    "Json[int]",
    "Hashable",
    "Blank",
    "Rooted",
    "Optional[Rooted]",
    "SkipValidation[int]",
    "Literal[1, 'b']",
    "Union[Literal['x'], Literal[None]]",
    "type[int]",
    "StrictStr",
    "Annotated[int, Strict()]",
]
TYPES_1 = ["Pattern", "Json", "Json[int]", "Json[Optional[int]]", "SecretStr"]
names = st.sampled_from(["a", "b_c", "c", "d_e_f", "e"])
picks = st.sampled_from


@st.composite
def settings_of_field(draw: st.DrawFn, two: bool) -> str:
    """The arguments of a `Field(...)`, keywords alone."""
    known = ["alias='other'", "exclude=True", "title='T'", "description=None", "alias='{name}'"]
    if two:
        known += [
            "max_length=9",
            "validation_alias='read'",
            "serialization_alias='written'",
            "validation_alias=AliasChoices('one', 'two')",
            "validation_alias=AliasPath('one', 0)",
            "alias_priority=1",
        ]
    chosen = draw(st.lists(picks(known), max_size=2, unique_by=lambda text: text.partition("=")[0]))
    return ", ".join(chosen)


@st.composite
def defaults(draw: st.DrawFn, two: bool, name: str) -> str:
    """What a field is assigned; empty for nothing."""
    plain = ["", "", " = None", " = 3", " = ...", " = []"]
    first = ["", "...", "None", "3", "default=None", "default_factory=list", "default=..."]
    form = draw(picks([*plain, "field", "field", "field"]))
    if form != "field":
        return form
    begin, rest = draw(picks(first)), draw(settings_of_field(two)).replace("{name}", name)
    return f" = Field({', '.join(filter(None, [begin, rest]))})"


@st.composite
def fields(draw: st.DrawFn, two: bool, name: str, types: list[str]) -> str:
    style = draw(picks(["field"] * 9 + ["class", "private", "underscore", "final"]))
    hint = draw(picks(types))
    if style == "class":
        return f"{name}: ClassVar[int]"
    if style == "private":
        return f"_{name}: int = PrivateAttr(default=1)"
    if style == "underscore":
        return f"_{name}: int = 1"
    if style == "final" and two:
        return f"{name}: Annotated[Annotated[int, 'x'], 'y']{draw(defaults(two, name))}"
    default = draw(defaults(two, name))
    if (
        "default" in hint and "..." in default
    ):  # which says more differs from one release of Pydantic to another
        default = " = 3"
    return f"{name}: {hint}{default}"


CONFIG = {
    "from_attributes": ["True", "False"],
    "orm_mode": ["True", "False"],
    "populate_by_name": ["True", "False"],
    "allow_population_by_field_name": ["True"],
    "extra": ["'ignore'"],
    "alias_generator": [
        "shout",
        "prefixed",
        "joined",
        "lambda name: str.upper(name)",
        "to_camel",
        "to_pascal",
        "lambda name: name[::-1] + '_'",
        "None",
    ],
}


@st.composite
def configs(draw: st.DrawFn, two: bool) -> tuple[list[str], list[str]]:
    """Lines of a class body and keywords of the class statement that configure it."""
    keys = ["from_attributes", "populate_by_name", "extra"] if two else ["orm_mode", "extra"]
    keys += ["alias_generator"] if draw(picks([True, False, False])) else []
    chosen = draw(st.lists(picks(keys), max_size=2, unique=True))
    generators = [*CONFIG["alias_generator"]]
    if two:
        generators += ["AliasGenerator(alias=to_camel)", "AliasGenerator(validation_alias=shout)"]
        generators += [
            "AliasGenerator(serialization_alias=shout)",
            "AliasGenerator(alias=shout, validation_alias=prefixed)",
        ]
    else:
        generators = [each for each in generators if not each.startswith("to_")]
    values = {key: draw(picks(generators if key == "alias_generator" else CONFIG[key])) for key in chosen}
    if not values:
        return [], []
    form = draw(picks(["dict", "ConfigDict", "class", "keywords"] if two else ["class", "class", "keywords"]))
    if form == "dict":
        return [f"model_config = {{{', '.join(f'{k!r}: {v}' for k, v in values.items())}}}"], []
    if form == "ConfigDict":
        return [f"model_config = ConfigDict({', '.join(f'{k}={v}' for k, v in values.items())})"], []
    if form == "keywords":
        return [], [f"{key}={value}" for key, value in values.items()]
    lines = []
    for key, value in values.items():
        wrapped = f"staticmethod({value})" if value in ("shout", "prefixed", "joined") and not two else value
        lines.append(f"    {key} = {wrapped}")
    if two and draw(picks([True, False, False])):
        return [f"model_config = {{**SHARED, {', '.join(f'{k!r}: {v}' for k, v in values.items())}}}"], []
    return [draw(picks(["class Config:", "class Config(Common):"])), *lines, ""], []


@st.composite
def bodies(draw: st.DrawFn, two: bool, types: list[str]) -> list[str]:
    chosen = draw(st.lists(names, max_size=4, unique=True))
    return [draw(fields(two, name, types)) for name in chosen]
