// Distributions as the API tells them and what lies between two looks at one; figures of /metrics.

// [{ to: seconds, count }], ascending and cumulative, of the classes of times in /stats.
export const distributionOf = (classes) => classes.map(({ to_us: us, count }) =>
  ({ to: us === undefined ? Infinity : us / 1e6, count }));

// The value of a figure without labels; nothing when there is none.
export function figureIn(text, name) {
  const row = new RegExp(`^${name} (\\S+)$`, 'm').exec(text);
  return row ? Number(row[1]) : undefined;
}

// What came since `before`; all of it when that is another process's.
export function since(before, now) {
  const fits = before.length === now.length && before.every(({ to, count }, at) =>
    to === now[at].to && count <= now[at].count);
  return fits ? now.map(({ to, count }, at) => ({ to, count: count - before[at].count })) : now;
}

// The value below which a share `q` lies, with the values of a bucket taken as spread evenly; null
// without any. What lies above all limits counts as the last limit.
export function quantile(buckets, q) {
  const total = buckets.at(-1)?.count ?? 0;
  if (total === 0) return null;
  const rank = q * total;
  let from = { to: 0, count: 0 };
  for (const bucket of buckets) {
    if (bucket.count >= rank) {
      if (bucket.to === Infinity) return from.to;
      const share = (rank - from.count) / (bucket.count - from.count || 1);
      return from.to + share * (bucket.to - from.to);
    }
    from = bucket;
  }
  return from.to;
}
