// Reads distributions from the text of /metrics, and what lies between two looks at one.

// [{ to: seconds, count }], ascending and cumulative, as Prometheus has it; empty when there is no
// such distribution.
export function distributionIn(text, name) {
  const buckets = [];
  const row = new RegExp(`^${name}_bucket\\{le="([^"]+)"\\} (\\d+)$`, 'gm');
  for (const [, to, count] of text.matchAll(row)) {
    buckets.push({ to: to === '+Inf' ? Infinity : Number(to), count: Number(count) });
  }
  return buckets.sort((one, other) => one.to - other.to);
}

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
