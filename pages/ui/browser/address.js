/* Sets ?name=value in the page's address, or removes it if the value is null; adds no entry to the history. */

export default function (name, value) {
  const url = new URL(location.href);
  if (url.searchParams.get(name) === value) return;
  if (value === null) url.searchParams.delete(name);
  else url.searchParams.set(name, value);
  history.replaceState(history.state, '', url);
}
