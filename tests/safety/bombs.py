"""What a hostile file may say: `BOMB` is the name of what would fill memory or never end."""

from __future__ import annotations

MODEL = """\
from __future__ import annotations
from sqlalchemy import ARRAY, Column, Enum, ForeignKey, Integer, JSON, Numeric, String, Table, UniqueConstraint, Index
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, declared_attr
from pydantic import BaseModel, Field
import re, enum
from typing import Union, Annotated

class Base(DeclarativeBase):
    pass

{bomb}

class Row(Base):
    __tablename__ = 'rows'
    id: Mapped[int] = mapped_column(primary_key=True)
    text = Column(String(60), default=BOMB, info=BOMB, comment=BOMB)
    kind = Column({type})
    __table_args__ = (UniqueConstraint(BOMB), Index("ix", BOMB), {{"info": BOMB}})

class RowRead(BaseModel):
    model_config = {{"from_attributes": True}}
    id: int
    text: BOMB = Field(BOMB, alias=BOMB)
"""
MIGRATION = """\
import sqlalchemy as sa
from alembic import op
import re
from sqlalchemy import *
revision = "1"
down_revision = None

{bomb}

def upgrade():
    op.create_table("rows", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("kind", {type}))
    op.add_column("rows", sa.Column(BOMB, sa.String(BOMB), server_default=BOMB))
    op.execute(BOMB)
    op.create_index(BOMB, BOMB, [BOMB])
    if BOMB:
        op.drop_table(BOMB)
"""


def _lines(first: str, step: str, times: int = 60) -> str:
    return "\n".join([first, *([step] * times)])


ENV = """\
from alembic import context
from models import Base
context.configure(target_metadata=Base.metadata)
"""


BOMBS: dict[str, str] = {
    "laugh f": _lines("BOMB = 'ha'*10", "BOMB = f'{BOMB}{BOMB}{BOMB}{BOMB}'"),
    "laugh +": _lines("BOMB = 'ha'*10", "BOMB = BOMB + BOMB"),
    "laugh +=": _lines("BOMB = 'ha'*10", "BOMB += BOMB"),
    "laugh %": _lines("BOMB = 'ha'*10", "BOMB = '%s%s' % (BOMB, BOMB)"),
    "laugh % dict": _lines("BOMB = 'ha'*10", "BOMB = '%(a)s%(a)s' % {'a': BOMB}"),
    "laugh format": _lines("BOMB = 'ha'*10", "BOMB = '{}{}'.format(BOMB, BOMB)"),
    "laugh join": _lines("BOMB = 'ha'*10", "BOMB = BOMB.join([BOMB]*100)"),
    "laugh replace": _lines("BOMB = 'ha'*10", "BOMB = BOMB.replace('h', BOMB)"),
    "laugh replace empty": _lines("BOMB = 'ha'*10", "BOMB = BOMB.replace('', BOMB)"),
    "laugh re.sub": _lines("BOMB = 'ha'*10", "BOMB = re.sub('h', 'hhhhhhh', BOMB)"),
    "laugh list +": _lines("BOMB = ['a']", "BOMB = BOMB + BOMB"),
    "laugh list +=": _lines("BOMB = ['a']", "BOMB += BOMB"),
    "laugh extend": _lines("BOMB = ['a']", "BOMB.extend(BOMB)"),
    "laugh list star": _lines("BOMB = ['a']", "BOMB = [*BOMB, *BOMB]"),
    "laugh tuple *": _lines("BOMB = ('a',)", "BOMB = BOMB * 9"),
    "laugh nested list": _lines("BOMB = ['a']", "BOMB = [BOMB, BOMB]"),
    "laugh nested tuple": _lines("BOMB = ('a',)", "BOMB = (BOMB, BOMB)"),
    "laugh nested dict": _lines("BOMB = {'a': 1}", "BOMBOMBS: dict[str, str] = {'a': BOMB, 'b': BOMB}"),
    "laugh nested compare": _lines("BOMB = ['a']\nA = ['a']", "BOMB = [BOMB, BOMB]\nA = [A, A]")
    + "\nBOMB = A == BOMB",
    "laugh nested in": _lines("BOMB = ['a']\nA = ['a']", "BOMB = [BOMB, BOMB]\nA = [A, A]")
    + "\nBOMB = A in [BOMB]",
    "laugh nested str": _lines("BOMB = ['a']", "BOMB = [BOMB, BOMB]") + "\nBOMB = f'{BOMB}'",
    "laugh nested set": _lines("BOMB = ('a',)", "BOMB = (BOMB, BOMB)") + "\nBOMB = [a for a in {BOMB, 1}]",
    "laugh nested sorted": _lines("BOMB = ('a',)", "BOMB = (BOMB, BOMB)") + "\nBOMB = sorted([BOMB, BOMB])",
    "laugh nested key": _lines("BOMB = ('a',)", "BOMB = (BOMB, BOMB)") + "\nBOMB = {}[BOMB]",
    "laugh call": _lines("BOMB = 'a'", "BOMB = dict(a=BOMB, b=BOMB)"),
    "type laugh": _lines("BOMB = Numeric(1)", "BOMB = Numeric(BOMB, BOMB)"),
    "type laugh variant": _lines("BOMB = String(1)", "BOMB = BOMB.with_variant(BOMB, 'a')"),
    "laugh made": _lines("BOMB = f(1)", "BOMB = f(BOMB, BOMB)"),
    "laugh union": _lines("BOMB = Union[int, str]", "BOMB = Union[BOMB, BOMB, list[BOMB]]"),
    "laugh |": _lines("BOMB = int | str", "BOMB = BOMB | list[BOMB]"),
    "laugh hint": _lines("BOMB = dict[str, int]", "BOMB = dict[BOMB, BOMB]"),
    "laugh annotated": _lines("BOMB = int", "BOMB = Annotated[BOMB, BOMB]"),
    "laugh partial": _lines(
        "from functools import partial\nBOMB = partial(f, 1)", "BOMB = partial(BOMB, BOMB)"
    ),
    "laugh member": _lines("BOMB = f", "BOMB = BOMB.a(BOMB.b)"),
    "laugh call function": "def g(x): return [x, x]\nBOMB = 'a'\n"
    + "BOMB = g(BOMB)\n" * 60
    + "BOMB = BOMB == g(BOMB)",
    "self list": "BOMB = []\nBOMB.append(BOMB)",
    "self list compare": "BOMB = []\nBOMB.append(BOMB)\nA = []\nA.append(A)\nBOMB = A == BOMB",
    "self list text": "BOMB = []\nBOMB.append(BOMB)\nBOMB = f'{BOMB}' + str(BOMB) + '%s' % BOMB",
    "self dict": "BOMB = {}\nBOMB['a'] = BOMB\nBOMB.update(BOMB)",
    "self dict compare": "BOMB = {}\nBOMB['a'] = BOMB\nA = {}\nA['a'] = A\nBOMB = A == BOMB",
    "grow while iterating": "BOMB = [1]\nfor x in BOMB:\n    BOMB.append(x)",
    "doubling in loop": "BOMB = [1]\nfor x in range(60):\n    BOMB = BOMB + BOMB",
    "str doubling in loop": "BOMB = 'a'\nfor x in range(60):\n    BOMB = BOMB + BOMB",
    "repeat": "BOMB = 'a' * 10**10",
    "repeat twice": "BOMB = 'a' * 900 * 900 * 900 * 900",
    "repeat list": "BOMB = [0] * 999\nBOMB = BOMB * 999\nBOMB = BOMB * 999",
    "repeat neg": "BOMB = 'a' * -10**10",
    "width %": "BOMB = '%9999999999d' % 1",
    "width % star": "BOMB = '%*d' % (9999999999, 1)",
    "precision %": "BOMB = '%.999999999f' % 1.0",
    "width f": "BOMB = f'{1:9999999999}'",
    "width f nested": "BOMB = f'{1:{9999999999}}'",
    "width format": "BOMB = '{:9999999999}'.format(1)",
    "precision f 9999": "BOMB = f'{1:.9999f}'",
    "zfill": "BOMB = 'a'.zfill(10**10)\nBOMB = 'a'.ljust(10**10)\nBOMB = 'a'.center(10**10)\nBOMB = ('\\t'*99).expandtabs(10**9)",
    "pow": "BOMB = 9**9**9**9",
    "pow chain": "BOMB = 2\n" + "BOMB = BOMB ** 2\n" * 60,
    "mul chain": "BOMB = 3\n" + "BOMB = BOMB * BOMB\n" * 60,
    "shift": "BOMB = 1 << 10**10",
    "shift chain": "BOMB = 1\n" + "BOMB = BOMB << 900\n" * 60,
    "big int": "BOMB = 10**100000",
    "big int literal": "BOMB = " + "9" * 5000,
    "int text": "BOMB = int('9'*900000)",
    "float huge": "BOMB = 1e308 * 10\nBOMB = int(1e400)",
    "float nan": "BOMB = float('nan')\nBOMB = [1] * int(float('inf'))",
    "float infinite": "BOMB = float('inf') * 2\nBOMB = [1] * float('nan')",
    "int far too large": "BOMB = 999 ** 999\nBOMB = BOMB * 2 * 1.5",
    "format field": "BOMB = '{²}{٣}'.format(1) + '{' + '9' * 5000 + '}'.format(1)\nBOMB = '{999999999999}'.format(1)",
    "range": "BOMB = list(range(10**12))",
    "range nested": "BOMB = [a for a in range(99999) for b in range(99999) if False]",
    "range nested 3": "BOMB = [a for a in range(99999) for b in range(99999) for c in range(99999)]",
    "range dict": "BOMB = {a: b for a in range(99999) for b in range(99999)}",
    "range loops": "for a in range(4999):\n    for b in range(4999):\n        for c in range(4999):\n            BOMB = 1",
    "loops no expr": "for a in range(4999):\n    for b in range(4999):\n        for c in range(4999):\n            pass\nBOMB = 1",
    "range negative": "BOMB = list(range(0, -10**12, -1))",
    "while": "BOMB = 1\nwhile True:\n    BOMB += 1",
    "while nested": "BOMB = 1\n"
    + "".join("    " * i + "while True:\n" for i in range(15))
    + "    " * 15
    + "pass",
    "while list": "BOMB = [1]\nwhile BOMB:\n    BOMB.append(BOMB)\n    BOMB.append(1)",
    "while double": "BOMB = [1]\nwhile True:\n    BOMB = [*BOMB, *BOMB]",
    "mult table": "BOMB = [[[0]*99]*99]*99\nBOMB = [a for b in BOMB for c in b for a in c]",
    "regex": "BOMB = re.sub('(a|a)*b', '', 'a'*40)",
    "regex 2": "BOMB = re.findall('(a|aa)*$', 'a'*80 + 'b')",
    "regex 3": "BOMB = re.findall('(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)x', 'a'*499)",
    "regex 4": "BOMB = re.compile('(a?){50}a{50}').match('a'*50)",
    "regex 5": "BOMB = re.split('(?:a|b|ab)*c', 'ab'*200)",
    "regex 6": "BOMB = re.findall('(\\\\w|\\\\d)*-', 'a1'*100)",
    "regex big": "BOMB = re.sub('a{1,99999}{1,99999}', '', 'a'*80)",
    "recursion": "def g(x):\n    return g(x + 1)\nBOMB = g(0)",
    "recursion 2": "def g(x):\n    return g(x) + g(x) + g(x)\nBOMB = g(0)",
    "recursion mutual": "def g(x):\n    return h(x), h(x)\ndef h(x):\n    return g(x), g(x)\nBOMB = g(0)",
    "fib": "def g(x):\n    return g(x-1) + g(x-2) if x > 1 else x\nBOMB = g(55)",
    "recursion unsettled": "def g(x):\n    if x.y:\n        g(x)\n        g(x)\n    else:\n        g(x)\n        g(x)\nBOMB = g(foo)",
    "Y": "BOMB = (lambda f: f(f))(lambda f: f(f))",
    "Y2": "BOMB = (lambda f: f(f) + f(f))(lambda f: f(f) + f(f))",
    "lambda default": "BOMB = lambda x=lambda: BOMB(): x()\nBOMB = BOMB()",
    "decorator self": "@BOMB\ndef BOMB():\n    return BOMB()\nBOMB = BOMB()",
    "class self": "class BOMB(BOMB):\n    pass",
    "class circle": "class A(BOMB):\n    pass\nclass BOMB(A):\n    pass\nclass A(BOMB):\n    pass",
    "class diamond": "class C0: pass\nclass D0: pass\n"
    + "".join(
        f"class C{i}(C{i - 1}, D{i - 1}): pass\nclass D{i}(C{i - 1}, D{i - 1}): pass\n" for i in range(1, 60)
    )
    + "BOMB = C59",
    "class chain": "class C0: pass\n"
    + "".join(f"class C{i}(C{i - 1}): pass\n" for i in range(1, 1000))
    + "BOMB = C999",
    "model chain": "class C0(Base):\n    __abstract__ = True\n    id = Column(Integer, primary_key=True)\n"
    + "".join(
        f"class C{i}(C{i - 1}):\n    __tablename__ = 't{i}'\n    x{i} = Column(Integer)\n"
        for i in range(1, 300)
    )
    + "BOMB = C299",
    "schema chain": "class C0(BaseModel): pass\n"
    + "".join(f"class C{i}(C{i - 1}):\n    x{i}: int\n" for i in range(1, 200))
    + "BOMB = C199",
    "schema diamond": "class C0(BaseModel): pass\nclass D0(BaseModel): pass\n"
    + "".join(
        f"class C{i}(C{i - 1}, D{i - 1}):\n    x{i}: int\nclass D{i}(C{i - 1}, D{i - 1}):\n    y{i}: int\n"
        for i in range(1, 40)
    )
    + "BOMB = C39",
    "schema diamond valid": "class C0(BaseModel): pass\n"
    + "".join(
        f"class L{i}(C{i - 1}):\n    x{i}: int\nclass R{i}(C{i - 1}):\n    y{i}: int\nclass C{i}(L{i}, R{i}):\n    z{i}: int\n"
        for i in range(1, 40)
    )
    + "BOMB = C39",
    "schema nest": "class C0(BaseModel):\n    a: int\n"
    + "".join(
        f"class C{i}(BaseModel):\n    x: C{i - 1}\n    y: dict[C{i - 1}, C{i - 1}]\n" for i in range(1, 60)
    )
    + "BOMB = C59",
    "property circle": "class A:\n    @property\n    def a(self): return self.b + self.b\n    @property\n    def b(self): return self.a + self.a\nBOMB = A().a",
    "attr circle": "class A: pass\nA.a = A\nBOMB = A" + ".a" * 3000,
    "getattr circle": "class A:\n    def __getattr__(self, x): return self.y\n    def __str__(self): return f'{self}' + str(self)\nBOMB = A().x\nBOMB = str(A())",
    "enum big": "BOMB = enum.Enum('BOMB', [str(i) for i in range(99999)])",
    "enum self": "class BOMB(enum.Enum):\n    a = BOMB\n    b = a\nBOMB = BOMB(BOMB)",
    "import self": "from models import *\nfrom models import BOMB as BOMB\nimport models\nBOMB = models.BOMB",
    "deep parens": "BOMB = " + "(" * 10000 + ")" * 10000,
    "deep list": "BOMB = " + "[" * 199 + "]" * 199,
    "deep unary": "BOMB = " + "not " * 9000 + "x",
    "deep minus": "BOMB = " + "-" * 19000 + "1",
    "deep attr": "BOMB = x" + ".y" * 9000,
    "deep call": "BOMB = x" + "()" * 9000,
    "deep index": "BOMB = x" + "[0]" * 9000,
    "deep lambda": "BOMB = " + "lambda: " * 2000 + "0",
    "deep cond": "BOMB = " + "1 if x else " * 1500 + "0",
    "deep sum": "BOMB = " + "+".join(["1"] * 9000),
    "deep strings": "BOMB = " + " ".join(["'a'"] * 9000),
    "deep fstring": "BOMB = " + "f'{" * 100 + "1" + "}'" * 100,
    "deep blocks": "".join(" " * i + "if 1:\n" for i in range(1500)) + " " * 1500 + "pass\nBOMB = 1",
    "deep def": "".join(" " * i + "def f():\n" for i in range(99)) + " " * 99 + "pass\nBOMB = f()",
    "deep class": "".join(" " * i + "class C:\n" for i in range(99)) + " " * 99 + "pass\nBOMB = C.C.C",
    "deep elif": "if 1: pass\n" + "elif x: pass\n" * 1999 + "\nBOMB = 1",
    "deep subscript": "BOMB = " + "list[" * 150 + "int" + "]" * 150,
    "quoted annotation": "BOMB: '" + "list[" * 3000 + "]" * 3000 + "' = 1",
    "quoted annotation parens": "BOMB: '" + "(" * 3000 + ")" * 3000 + "' = 1",
    "quoted annotation unary": "BOMB: '" + "-" * 100000 + "1" + "' = 1",
    "try chain": "BOMB = 1\n"
    + "".join("    " * i + "try:\n" for i in range(24))
    + "    " * 24
    + "pass\n"
    + "".join("    " * i + "except x:\n" + "    " * (i + 1) + "pass\n" for i in reversed(range(24))),
    "unsettled ifs": "BOMB = 1\n" + "if x.y:\n    BOMB = BOMB + 1\n" * 400,
    "unsettled nested ifs": "BOMB = 1\n"
    + "".join("    " * i + "if x.y:\n" for i in range(60))
    + "    " * 60
    + "BOMB = 2",
    "unsettled calls": "def g(n):\n    if x.y:\n        return h(n)\n    return h(n)\ndef h(n):\n    if x.y:\n        return g(n)\n    return g(n)\nBOMB = g(1)",
    "many names": "\n".join(f"a{i} = {i}" for i in range(30000)) + "\nBOMB = a29999",
    "many columns": "class T(Base):\n    __tablename__ = 'ts'\n"
    + "\n".join(f"    a{i} = Column(Integer, primary_key=True)" for i in range(3000))
    + "\nBOMB=1",
    "many tables": "\n".join(
        f"class T{i}(Base):\n    __tablename__ = 't{i}'\n    id = Column(ForeignKey('t{i + 1}.id'), primary_key=True)"
        for i in range(1000)
    )
    + "\nBOMB=1",
    "long line": "BOMB = '" + "a" * 5_000_000 + "'",
    "long comment": "BOMB = 1 # ormlint: ignore[" + "ORM101," * 200000 + "]",
    "long comment open": "BOMB = 1 # ormlint: ignore[" + "[ORM101 " * 200000,
    "long noqa": "BOMB = 1 # noqa" + ": ORM101," * 200000,
    "long spaces comment": "BOMB = 1 #" + " " * 2_000_000 + "ormlint",
    "open string": "BOMB = '" + "\\'" * 100000,
    "open triple": "BOMB = 1\n" + "'''" + '"""\'' * 100000,
    "quotes": "BOMB = " + "'\"" * 100000,
    "many quotes": "BOMB = 1\n" + "'\n" * 100000,
    "backslashes": "BOMB = 1" + "\\\n" * 100000,
    "semicolons": "BOMB = 1" + "; BOMB = BOMB + 1" * 1000,
    "tabs": "BOMB = 1\n" + "\t" * 1_000_000 + "x",
    "nulls": "BOMB = 1\0",
    "sql deep": "BOMB = 'CREATE TABLE a (b int check (' + '('*400 + ')'*400 + '))'",
    "sql deep select": "BOMB = 'create view x as ' + 'select * from ('*300 + 'select 1' + ')'*300",
    "sql long": "BOMB = 'ALTER TABLE rows ADD COLUMN x int; '*20000",
    "sql or": "BOMB = 'create index x on rows (id) where ' + ' or '.join(['id = 1']*5000)",
    "sql do": "BOMB = 'DO $$ BEGIN ' + 'IF x THEN '*200 + 'ALTER TABLE rows ADD COLUMN x int;' + ' END IF;'*200 + ' END $$'",
    "sql do open": "BOMB = 'DO $$ BEGIN ' + 'IF x THEN '*990",
    "sql quotes": "BOMB = 'create table x (' + '\"'*999",
    "sql comments": "BOMB = '/*'*999",
}
