/* A Plotly chart that keeps its zoom when its data change, in the colours of the page's theme. */

/** @type {any} the window, where the library puts itself */
const page = window;

const seen = new WeakMap();
const library = (address) =>
  page.Plotly
    ? Promise.resolve()
    : (page.__plotly_loading ??= new Promise((done, failed) => {
        const script = document.createElement('script');
        script.src = address;
        script.onload = done;
        script.onerror = failed;
        document.head.append(script);
      }));

function themed(layout, host, narrow) {
  const style = getComputedStyle(host),
    of = (name, other) => style.getPropertyValue('--st-' + name).trim() || other;
  const text = of('text-color', '#222'),
    border = of('border-color', '#ccc'),
    paper = of('background-color', '#fff');
  const axis = (own) => ({
    automargin: true,
    gridcolor: border,
    linecolor: border,
    tickcolor: border,
    ...own,
    title: { ...own?.title, font: { size: 13, color: text } },
  });
  return {
    ...layout,
    autosize: true,
    paper_bgcolor: 'rgba(0,0,0,0)',
    plot_bgcolor: 'rgba(0,0,0,0)',
    font: { family: of('font', 'sans-serif'), size: 13, color: text },
    hoverlabel: { bgcolor: paper, bordercolor: border, font: { color: text } },
    modebar: { bgcolor: 'rgba(0,0,0,0)', color: text, activecolor: of('primary-color', text) },
    shapes: (layout.shapes || []).map((shape) => ({ ...shape, line: { ...shape.line, color: text } })),
    annotations: (layout.annotations || []).map((words) => ({ ...words, font: { color: text } })),
    margin: narrow ? { ...layout.margin, l: 48, r: 4 } : layout.margin,
    xaxis: axis(layout.xaxis),
    yaxis: axis(layout.yaxis),
  };
}

export default function ({ parentElement, data }) {
  const figure = parentElement.querySelector('figure'),
    plot = parentElement.querySelector('.plot');
  let own = seen.get(parentElement);
  if (!own) {
    own = {};
    seen.set(parentElement, own);
  }
  own.data = data;
  parentElement.querySelector('figcaption').textContent = data.title;
  figure.setAttribute('aria-label', data.alt);
  plot.style.height = data.height + 'px';
  const draw = () => {
    if (!own.data || !plot.isConnected) return;
    if (plot._dragging)
      return (own.waiting ??= setTimeout(() => {
        own.waiting = null;
        draw();
      }, 100)); // let go first
    const layout = themed({ ...own.data.layout, uirevision: own.data.revision }, figure, figure.clientWidth < 500);
    return (own.drawing = page.Plotly.react(plot, own.data.traces, layout, {
      displaylogo: false,
      showSendToCloud: false,
      modeBarButtonsToRemove: ['select2d', 'lasso2d', 'autoScale2d', 'sendChartToCloud', 'sendDataToCloud'],
    }));
  };
  library(data.library).then(
    () => {
      if (!own.watching && own.data) {
        own.watching = new ResizeObserver(() => {
          if (plot.clientWidth) draw();
        });
        own.watching.observe(figure);
        own.theme = new MutationObserver(draw);
        own.theme.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
        own.scheme = matchMedia('(prefers-color-scheme: dark)');
        own.redraw = () => setTimeout(draw, 300);
        own.scheme.addEventListener('change', own.redraw);
      }
      return draw();
    },
    () => {
      plot.textContent =
        'The chart cannot be drawn: static/plotly.min.js was not served. The table below has its numbers.';
    },
  );
  return () => {
    own.watching?.disconnect();
    own.theme?.disconnect();
    own.scheme?.removeEventListener('change', own.redraw);
    seen.delete(parentElement);
    own.data = null;
    const purge = () => page.Plotly?.purge(plot); // not in the middle of a drawing, which has steps to come
    Promise.resolve(own.drawing).then(purge, purge);
  };
}
