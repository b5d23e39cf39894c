"""The page in a real browser, where there is one: no script fails, and every plot has its marks."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from lab.report.page.gather import gather
from lab.report.page.page import html
from lab.report.report import Report
from tests.page import runs

BROWSERS = ("chromium", "chromium-browser", "chromium-headless-shell")
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), "")
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="there is no chromium on this host")

MARKS = r'class="mark-\w+ role-mark[^"]*"[^>]*><(path|line|text)'
EVIL = "<img src=x onerror=alert(1)>'\"&"


CHOOSES = """<script>
const looking = setInterval(() => {
  if (!document.documentElement.dataset.drawn) return;
  clearInterval(looking);
  document.querySelector("[name=step]").click();
}, 50);
</script>"""


def opened(text: str, folder: Path) -> tuple[str, list[str]]:
    """The document once its scripts have run, and what the console was told."""
    path = folder / "report.html"
    path.write_text(text, encoding="utf-8")
    told = ["--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr"]
    told += ["--virtual-time-budget=20000", "--window-size=820,1200", "--dump-dom"]
    done = subprocess.run(
        [CHROMIUM, *told, f"--user-data-dir={folder}/profile", path.as_uri()],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return done.stdout, [line for line in done.stderr.splitlines() if "CONSOLE" in line]


@pytest.mark.parametrize(
    "report",
    [
        runs.run(users=(10, 100, 1_000), trials=3),
        runs.run(models=("epoll",), trials=1),
        runs.run(models=(EVIL, "nginx"), trials=2, about=EVIL),
    ],
    ids=["a ladder of seven", "one trial", "odd names"],
)
def test_no_script_fails_and_every_plot_has_marks(report: Report, tmp_path: Path) -> None:
    document, console = opened(html(gather(report)), tmp_path)
    assert console == []
    assert 'data-drawn="yes"' in document
    plots = re.split(r'<div class="plot', document)[1:]
    assert len(plots) >= 5
    for plot in plots:
        drawing = plot.partition("</svg>")[0]
        assert re.search(MARKS, drawing), plot[:200]
    assert "onerror=alert(1)>" not in re.sub(r'"[^"]*"', "", document)


def test_the_step_that_is_chosen_is_shown_in_every_plot_of_a_step(tmp_path: Path) -> None:
    text = html(gather(runs.run(users=(10, 1_000), trials=2)))
    before, _ = opened(text, tmp_path)
    unguarded = re.sub(r"<meta http-equiv[^>]*>", "", text, count=1)
    after, console = opened(unguarded.removesuffix("</body>\n</html>") + CHOOSES, tmp_path)
    assert console == []
    for name in ("throughput", "latency", "cpu", "course-rate", "course-latency"):
        assert "1,000 users</span>" in heading(before, name)
        assert "10 users</span>" in heading(after, name)
        assert drawing(before, name) != drawing(after, name)
    assert drawing(before, "ladder-p99") == drawing(after, "ladder-p99")


def heading(document: str, name: str) -> str:
    return document.partition(f'<figure id="{name}"')[2].partition("</h2>")[0]


def drawing(document: str, name: str) -> str:
    found = document.partition(f'data-spec="{name}-spec"')[2].partition("</svg>")[0]
    assert "<svg" in found
    return found
