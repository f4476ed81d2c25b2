// One server and one browser for a test file; each visitor gets a browser context of their own.
// When a test ends, nothing may have gone wrong unnoticed in any of its pages.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, afterEach, before } from 'node:test';
import { chromium } from 'playwright-core';
import { Server } from '../../../end_to_end/support/server.mjs';
import { Visitor } from './visitor.mjs';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const quick = ['--match-round', '20ms', '--rate-limits', 'off', '--log-level', 'warn'];
const patience = 20000;

const browserFlags = [
  '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync',
  '--disable-background-networking', '--disable-component-update',
  // A sandbox needs another user than root.
  ...(process.getuid() === 0 ? ['--no-sandbox'] : []),
];

export const phone = { viewport: { width: 390, height: 780 }, locale: 'zh-CN' };

export async function launch() {
  if (!existsSync(executablePath)) {
    // CMake takes a test that says so for skipped.
    throw new Error(
      `There is no Chromium at ${executablePath}; scripts/dependencies test installs it.`);
  }
  return chromium.launch({ executablePath, headless: true, args: browserFlags });
}

export class Stage {
  constructor(flags = []) {
    this.flags = [...quick, ...flags];
    this.visitors = [];
  }

  async open() {
    this.browser = await launch();
    this.server = await Server.start({ flags: this.flags });
  }

  async close() {
    await this.browser?.close();
    await this.server?.remove();
  }

  get url() {
    return `http://${this.server.address}/`;
  }

  // `storage`: what the browser remembers of an earlier visit. `prepare(page)`: before it opens.
  async visitor({ path = '', prepare, storage, ...options } = {}) {
    const context = await this.browser.newContext({ ...phone, ...options });
    context.setDefaultTimeout(patience);
    return this.tab(context, { path, prepare, storage });
  }

  async tab(context, { path = '', prepare, storage } = {}) {
    const visitor = await Visitor.open(context, this.url + path, { prepare, storage });
    this.visitors.push(visitor);
    return visitor;
  }

  // Two strangers in a chat.
  async couple(one = {}, two = {}) {
    const both = await Promise.all([this.visitor(one), this.visitor(two)]);
    await this.meet(both);
    return both;
  }

  async meet(both) {
    await Promise.all(both.map((one) => one.arrive()));
    await Promise.all(both.map((one) => one.isInChat()));
  }

  // As by a crash or a power cut, and back at the same place.
  kill() {
    return this.server.kill();
  }

  async restart() {
    const { address, data, ownsData } = this.server;
    this.server = await Server.start({ data, flags: this.flags, listen: address });
    this.server.ownsData = ownsData;
  }

  async leave() {
    const visitors = this.visitors.splice(0);
    const troubles = visitors.flatMap((one) => one.troubles());
    await Promise.all(visitors.map((one) => one.context.close()));
    assert.deepEqual(troubles, []);
  }
}

// The stage of a test file. `opened(stage)`: what else has to be there before its tests.
export function setStage({ flags = [], opened = () => {} } = {}) {
  const stage = new Stage(flags);
  before(async () => {
    await stage.open();
    await opened(stage);
  });
  afterEach(() => stage.leave());
  after(() => stage.close());
  return stage;
}
