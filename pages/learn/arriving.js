/* Where the reader is on a page: a new one opens at its top or at the section of its link; Back and a reload return to
   where the reader was. Links to lessons open in the same tab. The position is kept in the browser's history. */

export default function (lesson) {
  const main = document.querySelector('[data-testid=stMain]');
  const content = document.querySelector('[data-testid=stMainBlockContainer]');
  if (!main || !content) return;
  const left = new AbortController();
  dispatchEvent(new Event('convscope-arriving'));
  addEventListener('convscope-arriving', () => left.abort(), { once: true });
  const listen = (target, event, heard) =>
    target.addEventListener(event, heard, { capture: true, passive: event !== 'click', signal: left.signal });
  const here = () => (new URLSearchParams(location.search).get('lesson') ?? '') === lesson;
  const section = () => document.getElementById(decodeURIComponent(location.hash.slice(1)));

  let arriving = true;
  const wanted = history.state?.scrolled;
  const place = () => {
    if (!arriving) return;
    if (wanted === undefined && location.hash) section()?.scrollIntoView();
    else main.scrollTop = wanted ?? 0;
  };
  const observer = new ResizeObserver(place);
  observer.observe(content);
  left.signal.addEventListener('abort', () => observer.disconnect());
  place();

  const keep = () => {
    if (!arriving && here()) history.replaceState({ ...history.state, scrolled: main.scrollTop }, '');
  };
  for (const event of ['wheel', 'touchmove', 'pointerdown', 'keydown'])
    listen(window, event, () => {
      arriving = false;
      observer.disconnect();
    });
  listen(main, 'scrollend', keep);
  listen(window, 'pagehide', keep);

  listen(document, 'click', (event) => {
    keep();
    const link = event.target.closest?.('[data-testid=stMarkdownContainer] a[href^="lesson?"]');
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const same = new URL(link.href).search === location.search;
    history.pushState({}, '', link.href);
    if (same) section()?.scrollIntoView();
    else dispatchEvent(new PopStateEvent('popstate', { state: {} }));
  });
}
