// Somebody before a browser: does what people do with the pages, and sees what they show. Beside
// that it writes down whatever a page should never do.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

const patience = 20000;

// Becomes true within a while; `look` may be asynchronous.
export async function until(wish, look) {
  const end = Date.now() + patience;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    assert.ok(Date.now() < end, `not within ${patience} ms: ${wish}`);
    await sleep(25);
  }
}

export class Visitor {
  static async open(context, url, { prepare, storage } = {}) {
    const visitor = new this();
    const page = await context.newPage();
    Object.assign(visitor, { context, page, origin: new URL(url).origin });
    visitor.bad = [];
    visitor.lossIsFine = false; // until a test takes the connection away
    visitor.watch();
    await page.addInitScript(() => document.addEventListener('securitypolicyviolation',
      ({ violatedDirective: rule, blockedURI }) => console.error(`policy: ${rule} ${blockedURI}`)));
    if (storage) await visitor.remember(storage);
    await prepare?.(page, visitor);
    await page.goto(url);
    return visitor;
  }

  watch() {
    const { page, bad } = this;
    page.on('console', (message) => {
      if (!['error', 'warning'].includes(message.type())) return;
      if (!this.forgives(message.text())) bad.push(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => bad.push(`error: ${error.stack}`));
    page.on('dialog', (dialog) => {
      bad.push(`dialog: ${dialog.message()}`);
      dialog.dismiss().catch(() => {});
    });
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(`${this.origin}/`) && !url.startsWith('data:')) bad.push(`asked ${url}`);
    });
    page.on('websocket', (socket) => {
      const { host } = new URL(socket.url());
      if (host !== new URL(this.origin).host) bad.push(`asked ${socket.url()}`);
    });
  }

  // The browser itself tells of a connection that fails.
  forgives(text) {
    return this.lossIsFine && /^WebSocket connection to .* failed|net::ERR_/.test(text);
  }

  troubles() {
    return this.bad;
  }

  async remember(storage) {
    await this.page.addInitScript((entries) => {
      if (sessionStorage.getItem('remembered')) return;
      sessionStorage.setItem('remembered', 'yes');
      for (const [key, value] of entries) {
        localStorage.setItem(`onechat:${key}`, JSON.stringify(value));
      }
    }, Object.entries(storage));
  }

  // Pages that lie below stay in the document, hidden.
  find(selector) {
    return this.page.locator(selector).filter({ visible: true });
  }

  press(selector) {
    return this.find(selector).click();
  }

  sees(selector, text) {
    const found = this.find(selector);
    return (text === undefined ? found : found.filter({ hasText: text })).first().waitFor();
  }

  async seesNot(selector) {
    await until(`no ${selector}`, async () => (await this.find(selector).count()) === 0);
  }

  // Nothing slides or fades any more, but for what moves for ever.
  settled() {
    return this.page.evaluate(() => Promise.allSettled(document.getAnimations()
      .filter(({ effect }) => effect.getComputedTiming().endTime < Infinity)
      .map(({ finished }) => finished)));
  }

  // ---- the way to a chat ----

  async agree() {
    await this.press('.tick-row');
    await this.press('.agree');
  }

  // From the first page to the topics.
  async confirm(nickname) {
    if (nickname !== undefined) await this.find('.nickname').fill(nickname);
    await this.press('.confirm');
    await this.sees('.tick-row, .go');
    if (await this.find('.tick-row').count()) await this.agree();
    await this.sees('.topic');
  }

  // From the first page into the search.
  async arrive(nickname) {
    await this.confirm(nickname);
    await this.press('.go');
    await this.sees('.search, .composer');
  }

  isInChat() {
    return this.sees('.composer');
  }

  // ---- in a chat ----

  async say(text) {
    await this.find('textarea.draft').fill(text);
    await this.page.keyboard.press('Enter');
  }

  hears(text) {
    return this.sees('.said:not(.mine) .words', text);
  }

  // The server has it on disk.
  isSent(text) {
    const said = this.find('.said.mine').filter({ hasText: text });
    return said.locator('.mark.sent, .mark.seen').first().waitFor();
  }

  // What stands in the list, from top to bottom.
  texts() {
    return this.find('.words').allInnerTexts();
  }

  // A question or sheet of the runtime.
  async answer(text) {
    await this.page.locator('dialog').getByRole('button', { name: text, exact: true }).click();
  }

  async leaveChat() {
    await this.press('.leave');
    await this.page.locator('dialog .confirm').click();
    await this.sees('.over');
  }

  // ---- what becomes of a tab ----

  async hidden(hidden) {
    await this.page.evaluate((value) => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => value });
      const state = value ? 'hidden' : 'visible';
      Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state });
      document.dispatchEvent(new Event('visibilitychange'));
    }, hidden);
  }

  back() {
    return this.page.goBack();
  }
}
