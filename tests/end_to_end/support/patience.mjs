// How long a test waits for what must come. A sanitizer takes its time and keeps what was freed, so
// figures of time and memory are not asked of what it is built into.
export const isSanitized = process.env.ONECHAT_SANITIZED === '1';
export const patience = isSanitized ? 30_000 : 5000; // ms

// Looks again and again until it holds, for several times as long, since some of it is looked for
// on the disk or waits for a timer. What it then was.
export async function until(holds) {
  for (const end = performance.now() + 4 * patience; ;) {
    const found = await holds();
    if (found) return found;
    if (performance.now() > end) throw new Error(`it did not come to be: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
