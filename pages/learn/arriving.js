/* Who comes by a link to a section stays there while what is above it still grows, until they do something. */

export default function () {
  const section = decodeURIComponent(location.hash.slice(1));
  const grown = new ResizeObserver(() => document.getElementById(section)?.scrollIntoView());
  const stay = () => grown.disconnect();
  const page = document.querySelector('[data-testid=stMainBlockContainer]');
  if (section && page) grown.observe(page);
  for (const act of ['wheel', 'touchmove', 'pointerdown', 'keydown']) {
    addEventListener(act, stay, { once: true, capture: true, passive: true });
  }
}
