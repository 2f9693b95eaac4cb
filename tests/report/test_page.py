"""The HTML of a report in a real browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, CDPSession, Locator, Page, expect, sync_playwright

from ormlint import pipeline
from ormlint.report.changes import Base
from ormlint.report.compare import compare
from ormlint.report.document import Document
from ormlint.report.outline import Outline, outline
from ormlint.report.write import write, write_changes

pytestmark = pytest.mark.chromium

Opened = Callable[..., Page]

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox"] if os.geteuid() == 0 else [],
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def html(clinic: Document) -> str:
    def lines(path: str) -> list[str]:
        return (ROOT / "examples" / "clinic" / path).read_text(encoding="utf-8").splitlines()

    return write(clinic, "html", lines)


@pytest.fixture
def opened(browser: Browser, html: str, tmp_path: Path) -> Iterator[Opened]:
    """Opens a report; at the end nothing may have been said on the console, nor asked of anybody."""
    said: list[str] = []
    asked: list[str] = []
    with _contexts(browser) as context:

        def page(hash_: str = "", text: str = html, **options: Any) -> Page:
            file = tmp_path / "audit.html"
            file.write_text(text, encoding="utf-8")
            tab: Page = context(**options).new_page()
            tab.on("console", lambda message: said.append(message.text))
            tab.on("pageerror", lambda error: said.append(str(error)))
            tab.on("request", lambda request: asked.append(request.url.partition("#")[0]))
            tab.goto(file.as_uri() + hash_)
            return tab

        yield page
    assert said == []
    assert set(asked) <= {(tmp_path / "audit.html").as_uri(), "data:,"}


@contextmanager
def _contexts(browser: Browser) -> Iterator[Callable[..., Any]]:
    made: list[Any] = []

    def context(**options: Any) -> Any:
        made.append(browser.new_context(**options))
        return made[-1]

    yield context
    for each in made:
        each.close()


def grids(page: Page) -> list[str]:
    return page.locator("details.grid:visible h3").all_text_contents()


def findings(page: Page) -> list[str]:
    return page.locator(".findings li:visible b").all_text_contents()


def test_search_narrows_findings_and_models(opened: Opened) -> None:
    page = opened()
    everything = len(grids(page))
    page.get_by_role("searchbox").fill("waitlist")
    assert grids(page) == ["WaitlistEntry"]
    assert findings(page) == ["ORM301 missing-table"]
    expect(page.locator("#count")).to_contain_text(f"1 of {everything} models")
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("details.grid:visible")).to_have_count(everything)


def test_filters_by_kind_and_severity(opened: Opened) -> None:
    page = opened()
    page.get_by_label("Kind").select_option("missing-column")
    assert (findings(page), grids(page)) == (["ORM303 missing-column"], ["Prescription"])
    page.get_by_label("Kind").select_option("")
    page.get_by_label("Severity").select_option("warning")
    shown = page.locator(".findings li:visible .sev").all_text_contents()
    assert set(shown) == {"▲ warning"}


def test_what_is_in_step_is_collapsed_until_asked_for(opened: Opened) -> None:
    page = opened()
    row = page.locator(
        "[id='m-app.models.patient.Patient'] tr", has=page.locator("th", has_text="given_name")
    )
    expect(row).to_be_hidden()
    page.get_by_label("Collapse what is in step").uncheck()
    expect(row).to_be_visible()
    assert page.locator("details.grid:not([open])").count() == 0


def test_a_link_leads_to_a_model_a_finding_and_a_search(opened: Opened) -> None:
    page = opened("#m-app.models.audit.AccessLog")
    grid = page.locator("[id='m-app.models.audit.AccessLog']")
    expect(grid.locator("tbody tr").first).to_be_visible()
    expect(grid).to_have_attribute("open", "")
    page.wait_for_function("document.activeElement.tagName === 'SUMMARY'")
    expect(grid).to_be_in_viewport()
    page.get_by_role("searchbox").fill("refills")
    assert page.evaluate("location.hash") == "#?q=refills"
    again = opened("#?q=refills&severity=error")
    assert (findings(again), grids(again)) == (["ORM303 missing-column"], ["Prescription"])
    page.locator(".findings li:visible").get_by_role("link").click()
    expect(page.locator("[id='m-app.models.prescription.Prescription']")).to_be_in_viewport()


def cell(page: Page, model: str, name: str, column: int) -> Locator:
    row = page.locator(f"[id='{model}'] tr", has=page.locator(f"th:text-is('{name}')"))
    return row.locator("td").nth(column)


def test_a_model_shows_its_names_in_step_when_asked(opened: Opened) -> None:
    page = opened()
    grid = page.locator("[id='m-app.models.patient.Patient']")
    rows = grid.locator("tbody tr:visible")
    drifted, names = rows.count(), grid.locator("tbody tr").count()
    assert 0 < drifted < names
    button = grid.get_by_role("button", name="names in step")
    button.press("Enter")
    expect(rows).to_have_count(names)
    expect(button).to_have_attribute("aria-expanded", "true")
    button.click()
    expect(rows).to_have_count(drifted)


def test_what_weighs_most_leads_to_its_findings(opened: Opened) -> None:
    page = opened()
    page.get_by_role("link", name="ORM303 missing-column").first.click()
    expect(page.locator(".findings li:visible")).to_have_count(1)
    assert (findings(page), grids(page)) == (["ORM303 missing-column"], ["Prescription"])
    expect(page.locator("#h-findings")).to_be_in_viewport()


def test_heads_stay_in_sight_and_nothing_hides_what_a_link_leads_to(opened: Opened) -> None:
    page = opened("#drift", viewport={"width": 1280, "height": 400})
    bar = "document.querySelector('#filters').getBoundingClientRect().bottom"
    page.wait_for_function(f"document.querySelector('#h-drift').getBoundingClientRect().top >= {bar}")
    expect(page.locator("#h-drift")).to_be_in_viewport()
    region = page.get_by_role("region", name="Columns, indexes and constraints")
    top = "region => region.querySelector('th').getBoundingClientRect().top"
    region.scroll_into_view_if_needed()
    before = region.evaluate(top)
    assert region.evaluate("region => { region.scrollTop = 100; return region.scrollTop; }") == 100
    assert region.evaluate(top) == before


def test_a_cell_tells_the_line_that_says_so(opened: Opened) -> None:
    page = opened()
    missing = cell(page, "m-app.models.prescription.Prescription", "refills_left", 1)
    missing.hover()
    tip = page.get_by_role("tooltip")
    expect(tip).to_contain_text("app/models/prescription.py:28")
    expect(tip).to_contain_text("refills_left: Mapped[int]")
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()


def test_a_tip_stays_with_its_cell_as_long_as_that_can_be_seen(opened: Opened) -> None:
    page = opened()
    missing = cell(page, "m-app.models.prescription.Prescription", "refills_left", 1)
    missing.click()
    tip = page.get_by_role("tooltip")
    expect(tip).to_be_visible()
    for distance in (40, -40):
        before = gap(page)
        page.evaluate("distance => scrollBy(0, distance)", distance)
        page.evaluate("() => new Promise(requestAnimationFrame)")
        assert gap(page) == before
    page.evaluate("scrollTo(0, 0)")
    expect(tip).to_be_hidden()
    missing.scroll_into_view_if_needed()
    expect(tip).to_contain_text("refills_left")


def gap(page: Page) -> int:
    """How far the tip is from the cell that has the focus."""
    top = "Math.round(document.querySelector('%s').getBoundingClientRect().top)"
    return int(page.evaluate(f"{top % '#tip'} - {top % 'td:focus'}"))


def test_the_pointer_looks_about_and_the_focus_stays(opened: Opened) -> None:
    page = opened()
    chosen = cell(page, "m-app.models.prescription.Prescription", "refills_left", 0)
    chosen.click()
    tip = page.get_by_role("tooltip")
    expect(tip).to_contain_text("refills_left, database")
    cell(page, "m-app.models.prescription.Prescription", "refills_left", 1).hover()
    expect(tip).to_contain_text("refills_left, model")
    page.locator("[id='m-app.models.prescription.Prescription'] summary").hover()
    expect(tip).to_contain_text("refills_left, database")
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()


def test_the_keyboard_is_enough(opened: Opened) -> None:
    page = opened()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("prescription")
    first = cell(page, "m-app.models.prescription.Prescription", "refills_left", 0)
    page.locator("[id='m-app.models.prescription.Prescription'] summary").focus()
    for _ in range(6):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "TD":
            break
    expect(page.locator("td:focus")).to_have_count(1)
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tooltip")).to_be_visible()
    assert page.evaluate("document.activeElement.cellIndex") == 2
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.cellIndex") == 1
    expect(page.locator("td:focus")).to_have_attribute("aria-describedby", "tip")
    assert first.count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_both_themes_and_no_barriers(opened: Opened, scheme: str) -> None:
    page = opened(color_scheme=scheme)
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 24, 29)"}[scheme]
    assert barriers(page) == []
    page.get_by_role("button", name="Dark theme").click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != paper
    page.get_by_label("Collapse what is in step").uncheck()
    assert barriers(page) == []


def barriers(page: Page) -> list[str]:
    """What axe-core objects to."""
    violations = Axe().run(page).response["violations"]
    return [f"{each['id']}: {[node['html'] for node in each['nodes'][:3]]}" for each in violations]


def test_a_narrow_window_needs_no_sideways_scrolling(opened: Opened) -> None:
    page = opened(viewport={"width": 400, "height": 800})
    page.get_by_label("Collapse what is in step").uncheck()
    assert page.evaluate("document.documentElement.scrollWidth") == 400
    lists = page.locator(".scroll:has(> .list)")
    assert lists.evaluate_all("all => all.filter(each => each.scrollWidth > each.clientWidth).length") == 0
    first = page.get_by_role("region", name="Orphan tables").locator("tbody td").first
    assert first.evaluate("cell => getComputedStyle(cell, '::before').content") == '"Guess"'
    assert barriers(page) == []


def test_paper_has_no_folds(opened: Opened) -> None:
    page = opened()
    page.locator("[id='m-app.models.patient.Patient'] summary").click()
    folded = page.locator("details:not([open])")
    before, in_step = folded.count(), page.locator("details.step").count()
    assert before > in_step > 0
    page.set_viewport_size({"width": 700, "height": 900})
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert folded.count() == in_step
    assert page.evaluate("document.documentElement.scrollWidth") == 700
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert folded.count() == before


def test_five_hundred_models_open_in_two_seconds(clinic: Document, opened: Opened) -> None:
    """Of the processor, not of the clock: the machine may have other things to do."""
    replace = msgspec.structs.replace
    copies = 500 // len(clinic.matrix) + 1
    document = replace(
        clinic,
        matrix=[replace(g, model=f"{g.model}{n}") for n in range(copies) for g in clinic.matrix][:500],
        models=[replace(m, model=f"{m.model}{n}") for n in range(copies) for m in clinic.models][:500],
        alignment=[replace(a, model=f"{a.model}{n}") for n in range(copies) for a in clinic.alignment],
    )
    page = opened(text=write(document, "html", lambda path: ("    line of source",) * 99))
    expect(page.locator("#count")).to_contain_text("500 of 500 models")
    page.get_by_label("Search").fill(document.models[-1].model.rpartition(".")[2])
    expect(page.locator("#count")).to_contain_text("1 of 500 models")
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("#count")).to_contain_text("500 of 500 models")
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    before = busy(session)
    page.reload()
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
    assert 0 < busy(session) - before < 2


def busy(session: CDPSession) -> float:
    """Seconds that the page's main thread has worked."""
    metrics = session.send("Performance.getMetrics")["metrics"]
    return float(next(each["value"] for each in metrics if each["name"] == "TaskDuration"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_of_changes_has_no_barriers(clinic: Document, opened: Opened, scheme: str) -> None:
    replace = msgspec.structs.replace
    graph = pipeline.linked(ROOT / "examples" / "clinic")
    there = outline(graph, [], replace(clinic, findings=[]))
    changes = replace(compare(Outline(), there, Base("main", "0" * 40)), new=clinic.findings)
    page = opened(text=write_changes(changes, "html"), color_scheme=scheme)
    assert len(findings(page)) == len(clinic.findings)
    assert barriers(page) == []
    page.set_viewport_size({"width": 400, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") == 400
