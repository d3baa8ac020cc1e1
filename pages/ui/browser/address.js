/* The page's address says ?name=value from now on, or without a value (null) nothing of it. */

export default function (name, value) {
  const there = new URL(location.href);
  if (there.searchParams.get(name) === value) return;
  if (value === null) there.searchParams.delete(name);
  else there.searchParams.set(name, value);
  history.replaceState(history.state, '', there);
}
