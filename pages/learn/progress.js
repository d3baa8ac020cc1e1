/* Merges what this browser has stored (questions answered right, and answers given) with the session's. */

export default function ({ data, setStateValue }) {
  const read = (store) => {
    try {
      return JSON.parse(localStorage.getItem(store) ?? '{}') || {};
    } catch {
      return {};
    }
  };
  const write = (store, all) => {
    try {
      localStorage.setItem(store, JSON.stringify(all));
    } catch {
      /* storage is not available in a private window */
    }
  };
  const sorted = (done) =>
    JSON.stringify(
      Object.entries(done)
        .map(([lesson, names]) => [lesson, [...names].sort()])
        .sort(),
    );
  const progress = {};
  for (const from of [data.forget ? {} : read(data.stores.progress), data.progress])
    for (const [lesson, done] of Object.entries(from))
      if (Array.isArray(done)) progress[lesson] = [...new Set([...(progress[lesson] || []), ...done])];
  write(data.stores.progress, progress);

  const every = data.forget ? {} : read(data.stores.answers),
    answers = {};
  let more = false;
  for (const [lesson, given] of Object.entries(data.answers)) {
    const kept = every[lesson] || {};
    more ||= Object.keys(kept).some((question) => !(question in given));
    answers[lesson] = every[lesson] = { ...kept, ...given };
  }
  write(data.stores.answers, every);
  for (const [lesson, count] of Object.entries(data.counts))
    for (const line of document.querySelectorAll(`[data-progress='${lesson}']`)) line.textContent = count;

  if (more || sorted(progress) !== sorted(data.progress)) setStateValue('kept', JSON.stringify({ progress, answers }));
}
