/* Merges the progress stored in this browser with the session's, lesson by lesson. */

export default function ({ data, setStateValue }) {
  const read = () => {
    try {
      return JSON.parse(localStorage.getItem(data.store) ?? '{}') || {};
    } catch {
      return {};
    }
  };
  const write = (all) => {
    try {
      localStorage.setItem(data.store, JSON.stringify(all));
    } catch {
      /* storage is not available in a private window */
    }
  };
  const kept = data.forget ? {} : read(),
    all = {};
  for (const from of [kept, data.progress])
    for (const [lesson, done] of Object.entries(from))
      if (Array.isArray(done)) all[lesson] = [...new Set([...(all[lesson] || []), ...done])].sort();
  write(all);
  const known = JSON.stringify(
    Object.entries(data.progress)
      .map(([l, d]) => [l, [...d].sort()])
      .sort(),
  );
  if (JSON.stringify(Object.entries(all).sort()) !== known) setStateValue('progress', JSON.stringify(all));
}
