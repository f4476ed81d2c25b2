// Puts the mini program, as the build has taken it apart, into the page and starts it.
import { knowImages } from './elements/image.js';
import { watchGestures } from './gestures.js';
import { language } from './language.js';
import { AppLife } from './life.js';
import { PageFactory } from './page.js';
import { PageStack } from './page_stack.js';
import { makeWx } from './wx/index.js';
import { chooseStore } from './wx/storage.js';

// Runs the pages' scripts; each calls Page() once.
function definitionsOf(program) {
  const definitions = new Map();
  for (const [path, { load }] of Object.entries(program.pages)) {
    globalThis.Page = (definition) => definitions.set(path, definition);
    load();
  }
  return definitions;
}

export function boot(program) {
  const stage = document.getElementById('stage');
  document.documentElement.lang = language === 'en' ? 'en' : 'zh-CN';
  knowImages(program.images);
  watchGestures(stage);

  const [home] = program.app.pages;
  let factory;
  const stack = new PageStack((url) => factory.create(url), window, home);
  const life = new AppLife(window, stack);
  // What wxs and the pages find as globals.
  Object.assign(globalThis, {
    wx: makeWx({ program, stack, life, store: chooseStore(window), stage }),
    App: (app) => life.register(app),
    getApp: () => life.app,
    getCurrentPages: () => stack.pages(),
    getDate: (...parts) => new Date(...parts),
    getRegExp: (...parts) => new RegExp(...parts),
  });
  program.load();
  factory = new PageFactory(program, definitionsOf(program), stage);
  life.launch({ path: home, query: {}, scene: 1001 });
  stack.launch();
}
