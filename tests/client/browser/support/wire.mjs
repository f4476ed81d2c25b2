// The wire between a page and the server, held in the hand: it can go dead without a word, or end
// as a phone ends it that puts an app to sleep.
export class Wire {
  // For `prepare`: `new Wire().attach` goes into the page before it opens.
  constructor() {
    this.links = [];
    this.attach = (page) => page.routeWebSocket(/\/ws$/, (near) => this.join(near));
  }

  join(near) {
    const link = { near, far: near.connectToServer(), dead: false };
    this.links.push(link);
    near.onMessage((message) => link.dead || link.far.send(message));
    link.far.onMessage((message) => link.dead || near.send(message));
    near.onClose((code, reason) => link.dead || link.far.close({ code, reason }));
    link.far.onClose((code, reason) => link.dead || near.close({ code, reason }));
  }

  get last() {
    return this.links[this.links.length - 1];
  }

  // Nothing passes any more, and neither side is told.
  goDead() {
    this.last.dead = true;
  }

  // WeChat reports an app's sleep as an ordinary close.
  async interrupt() {
    const { near, far } = this.last;
    this.goDead();
    await far.close({ code: 1000 });
    await near.close({ code: 1000, reason: 'interrupted' });
  }
}
