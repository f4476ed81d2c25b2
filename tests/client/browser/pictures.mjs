// Takes the pictures of docs/pictures: every page, in Chinese and English, light and dark.
// usage: node pictures.mjs DIR
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Stage } from './support/stage.mjs';
import { chinese, english, tour } from './support/tour.mjs';

const [dir] = process.argv.slice(2);
const languages = [['zh', 'zh-CN', chinese], ['en', 'en-US', english]];

// A tap has brought its button into view. A picture shows a page from its top, unless what it is
// about lies at the end.
const atEnd = ['privacy-erase'];

function align(visitor, name) {
  return visitor.page.evaluate((toEnd) => {
    const shown = [...document.querySelectorAll('page')].find((one) => one.checkVisibility());
    shown.scrollTop = toEnd ? shown.scrollHeight : 0;
  }, atEnd.includes(name));
}

async function take(stage, [short, locale, words], colorScheme) {
  await tour(stage, { locale, colorScheme }, async (visitor, name) => {
    await visitor.seesNot('#toast');
    await align(visitor, name);
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
