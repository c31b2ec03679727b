// Reports clicks on the marks of the chart in the same panel. Streamlit's own chart reports either clicks or brushes,
// never both, and no click on a heat map; this listens beside it.
const listening = new WeakSet();

function mark(point) {
  const x = typeof point.x === "number" ? new Date(point.x).toISOString() : point.x;
  const meta = point.data.meta; // the key of a line, or those of a heat map's rows
  if (Array.isArray(meta)) return { x, key: meta[point.pointNumber[0]] ?? null };
  const key = meta ?? (Array.isArray(point.customdata) ? point.customdata[0] : point.customdata);
  return { x, key: key ?? null };
}

export default function ({ data, parentElement, setTriggerValue }) {
  const host = parentElement.host ?? parentElement;
  const panel = host.closest(`.st-key-${data.panel}`);
  if (!panel) return;
  const report = { current: setTriggerValue };

  function listen() {
    const chart = panel.querySelector(".js-plotly-plot");
    if (!chart?.on || listening.has(chart)) return;
    listening.add(chart);
    chart.on("plotly_click", (event) => report.current("clicked", mark(event.points[0])));
  }

  listen();
  const observer = new MutationObserver(listen);
  observer.observe(panel, { childList: true, subtree: true });
  return () => observer.disconnect();
}
