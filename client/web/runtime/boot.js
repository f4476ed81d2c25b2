// Puts the mini program, as the build has taken it apart, into the page and starts it.
import * as glassEasel from 'glass-easel';
import { MiniProgramEnv } from 'glass-easel-miniprogram-adapter';
import { Backend } from './backend.js';
import { knowImages } from './elements/image.js';
import { watchGestures } from './gestures.js';
import { language } from './language.js';
import { AppLife } from './life.js';
import { PageFactory } from './page.js';
import { PageStack } from './page_stack.js';
import { chooseStore } from './wx/storage.js';
import { makeWx } from './wx/index.js';

// glass-easel measures in the window; a mini program's coordinates begin below its bar.
function measureFromStage(stage) {
  const { prototype } = glassEasel.Element;
  const measure = prototype.getBoundingClientRect;
  prototype.getBoundingClientRect = function getBoundingClientRect(tell) {
    const { left, top } = stage.getBoundingClientRect();
    measure.call(this, (rect) => tell({
      left: rect.left - left, top: rect.top - top, width: rect.width, height: rect.height,
    }));
  };
}

function register(space, program) {
  for (const { path, scope, isPage, config, load } of program.units) {
    if (!isPage) space.addStyleSheet(path, undefined, scope);
    space.addComponentStaticConfig(path, config);
    space.addCompiledTemplate(path, {
      groupList: program.templates, content: program.templates[path],
      fallbackListenerOnNativeNode: true,
    });
    space.globalComponentEnv(globalThis, path, load);
  }
}

export function boot(program) {
  const stage = document.getElementById('stage');
  document.documentElement.lang = language === 'en' ? 'en' : 'zh-CN';
  glassEasel.globalOptions.writeIdToDOM = true;
  measureFromStage(stage);
  knowImages(program.images);
  watchGestures(stage);

  const env = new MiniProgramEnv();
  const space = env.createCodeSpace('', true);
  const backend = env.associateBackend(new Backend(stage));
  const pages = new PageFactory(program, space, backend, stage);
  const stack = new PageStack((url) => pages.create(url), window, program.app.pages[0]);
  const life = new AppLife(window, stack);
  const store = chooseStore(window);

  // What wxs and the pages find as globals.
  Object.assign(globalThis, {
    wx: makeWx({ program, stack, life, store, stage }),
    App: (app) => life.register(app),
    getApp: () => life.app,
    getCurrentPages: () => stack.pages(),
    getDate: (...parts) => new Date(...parts),
    getRegExp: (...parts) => new RegExp(...parts),
  });
  program.load();
  register(space, program);
  life.launch({ path: program.app.pages[0], query: {}, scene: 1001 });
  stack.launch();
}
