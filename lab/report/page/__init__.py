"""The report's page: one HTML file that opens anywhere, offline, and SVGs of its plots.

`write(folder, report)` leaves report.html in the run's folder; `svg(report, name)` draws one plot,
for the README. Drawing loads Altair (0.3 s) and bundles Vega (1.2 s), so only who writes a page
imports this package. What is shown is gathered into a `View` first; plots see nothing else.
"""

from lab.report.page.page import caption, svg, write

__all__ = ["caption", "svg", "write"]
