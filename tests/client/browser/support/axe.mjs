// What axe-core finds that keeps somebody from using a page, in light and in dark.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export async function seriousFindings(visitor, name) {
  const { page } = visitor;
  const found = [];
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    await visitor.settled();
    if (!await page.evaluate(() => 'axe' in window)) await page.evaluate(axe);
    const violations = await page.evaluate(async () =>
      (await window.axe.run(document, { resultTypes: ['violations'] })).violations);
    for (const { id, impact, nodes } of violations) {
      if (!['serious', 'critical'].includes(impact)) continue;
      found.push(...nodes.map(({ html }) =>
        `${name}, ${colorScheme}: ${id} ${html.slice(0, 120)}`));
    }
  }
  return found;
}
