// Takes the pictures of docs/pictures: every page, in Chinese and English, light and dark.
// usage: node pictures.mjs DIR
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Stage } from './support/stage.mjs';
import { chinese, english, tour } from './support/tour.mjs';

const [dir] = process.argv.slice(2);
const languages = [['zh', 'zh-CN', chinese], ['en', 'en-US', english]];

async function take(stage, [short, locale, words], colorScheme) {
  await tour(stage, { locale, colorScheme }, async (visitor, name) => {
    await visitor.seesNot('#toast');
    await visitor.settled();
    await visitor.page.screenshot({ path: join(dir, `${name}-${short}-${colorScheme}.png`) });
  }, words);
  await stage.leave();
}

await mkdir(dir, { recursive: true });
const stage = new Stage();
await stage.open();
try {
  for (const language of languages) {
    for (const colorScheme of ['light', 'dark']) await take(stage, language, colorScheme);
  }
} finally {
  await stage.close();
}
