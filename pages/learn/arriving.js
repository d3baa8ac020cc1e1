/* Keeps the section of a link in view while content above it is still loading, until the reader scrolls or clicks. */

export default function () {
  const section = decodeURIComponent(location.hash.slice(1));
  const observer = new ResizeObserver(() => document.getElementById(section)?.scrollIntoView());
  const stop = () => observer.disconnect();
  const page = document.querySelector('[data-testid=stMainBlockContainer]');
  if (section && page) observer.observe(page);
  for (const event of ['wheel', 'touchmove', 'pointerdown', 'keydown']) {
    addEventListener(event, stop, { once: true, capture: true, passive: true });
  }
}
