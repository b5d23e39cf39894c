"use strict";
// Draws every plot from the spec beside it, shows the step of load that was chosen, and draws anew
// where the window's width changed. Without it the page still has all its figures, in tables.

const LABELS = 50; // pixels for the labels left of a small plot
const SMALLEST = 120; // that a small plot should be wide

const drawn = new Map(); // holder -> its view
let step = document.querySelector("[name=step]:checked")?.value;

function fitted(spec, width) {
  spec.config.legend = { ...spec.config.legend, disable: true };
  if (spec.facet) {
    const gap = spec.spacing.column;
    const columns = Math.max(1, Math.min(spec.columns, Math.floor((width - LABELS + gap) / (SMALLEST + gap))));
    spec.columns = columns;
    spec.spec.width = Math.floor((width - LABELS - gap * (columns - 1)) / columns) - 4;
  }
  for (const param of spec.params ?? []) if (param.name === "step" && step) param.value = step;
  return spec;
}

async function draw(holder) {
  const text = document.getElementById(holder.dataset.spec).textContent;
  drawn.get(holder)?.finalize();
  const spec = fitted(JSON.parse(text), holder.clientWidth);
  const result = await vegaEmbed(holder, spec, { renderer: "svg", actions: false, ast: true });
  drawn.set(holder, result.view);
}

async function drawAll() {
  for (const holder of document.querySelectorAll("[data-spec]")) {
    try {
      await draw(holder);
    } catch (error) {
      holder.textContent = `This plot could not be drawn (${error.message}); its table is below.`;
      console.error(error);
    }
  }
  document.documentElement.dataset.drawn = "yes";
  markTables();
}

// Says of a table that is wider than the screen that it can be scrolled.
function markTables() {
  for (const table of document.querySelectorAll(".wide"))
    table.previousElementSibling.hidden = table.scrollWidth <= table.clientWidth + 1;
}
document.addEventListener("toggle", markTables, true);

for (const choice of document.querySelectorAll("[name=step]")) {
  choice.addEventListener("change", () => {
    step = choice.value;
    for (const shown of document.querySelectorAll("[data-step]")) shown.textContent = step;
    for (const view of drawn.values()) if (view.getState().signals.step) view.signal("step", step).runAsync();
  });
}

// On paper nothing can be unfolded: the tables beside the plots are printed with them.
const folded = [];
window.addEventListener("beforeprint", () => {
  for (const part of document.querySelectorAll("figure details:not([open])")) {
    part.open = true;
    folded.push(part);
  }
});
window.addEventListener("afterprint", () => {
  for (const part of folded.splice(0)) part.open = false;
});

let width = document.body.clientWidth;
let waiting;
window.addEventListener("resize", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    if (document.body.clientWidth === width) return; // a phone's bars come and go
    width = document.body.clientWidth;
    drawAll();
  }, 200);
});

drawAll();
