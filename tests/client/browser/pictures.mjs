// Takes the pictures of docs/pictures: every page, in Chinese and English, light and dark.
// usage: node pictures.mjs web|admin DIR
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { narrow } from './support/desk.mjs';
import * as desks from './support/desk_tour.mjs';
import { Stage } from './support/stage.mjs';
import * as visits from './support/tour.mjs';

const [set, dir] = process.argv.slice(2);
const schemes = ['light', 'dark'];
const languages = [['zh', 'zh-CN', 'chinese'], ['en', 'en-US', 'english']];

// A tap has brought its button into view. A picture shows a page from its top, unless what it is
// about lies at the end.
const atEnd = ['privacy-erase'];

function align(visitor, name) {
  return visitor.page.evaluate((toEnd) => {
    const shown = [...document.querySelectorAll('page')].find((one) => one.checkVisibility());
    shown.scrollTop = toEnd ? shown.scrollHeight : 0;
  }, atEnd.includes(name));
}

async function shoot(visitor, name) {
  await visitor.settled();
  await visitor.page.screenshot({ path: join(dir, `${name}.png`) });
}

async function takeWeb(stage, [short, locale, words], colorScheme) {
  await visits.tour(stage, { locale, colorScheme }, async (visitor, name) => {
    await visitor.seesNot('#toast');
    await align(visitor, name);
    await shoot(visitor, `${name}-${short}-${colorScheme}`);
  }, visits[words]);
  await stage.leave();
}

// The operator's: of its own server, so that what people say is in the language of the picture.
const shown = ['login', 'overview', 'reports', 'report', 'user', 'record', 'audit', 'tokens'];
const shownNarrow = ['overview', 'report'];

async function takeAdmin(_, [short, locale, words], colorScheme) {
  const stage = new Stage();
  await stage.open();
  try {
    const room = await desks.furnish(stage, desks[words]);
    for (const [of, screen, tag] of [[shown, {}, ''], [shownNarrow, narrow, '-narrow']]) {
      const options = { ...screen, locale, colorScheme, prepare: (page) => page.clock.install() };
      await desks.deskTour(stage, options, async (desk, name) => {
        if (!of.includes(name)) return;
        if (name === 'overview') await desks.minutesPass(desk, room);
        await shoot(desk, `admin-${name}${tag}-${short}-${colorScheme}`);
      }, desks[words], room);
    }
    await stage.leave();
  } finally {
    await stage.close();
  }
}

await mkdir(dir, { recursive: true });
const take = { web: takeWeb, admin: takeAdmin }[set];
const stage = new Stage();
await stage.open();
try {
  for (const language of languages) {
    for (const colorScheme of schemes) await take(stage, language, colorScheme);
  }
} finally {
  await stage.close();
}
