// wx.createSelectorQuery: where elements of a page are, and how far they have been scrolled.

export class SelectorQuery {
  constructor(page) {
    this.page = page;
    this.questions = [];
  }

  in(instance) {
    this.page = instance.wxPage;
    return this;
  }

  select(selector) {
    return this.reference((page) => page.find(selector)[0]);
  }

  selectAll(selector) {
    return this.reference((page) => page.find(selector));
  }

  selectViewport() {
    return this.reference((page) => page.element);
  }

  reference(find) {
    const ask = (tell) => (callback) => {
      this.questions.push(() => {
        const found = find(this.page);
        const answer = Array.isArray(found) ? found.map(tell) : found ? tell(found) : null;
        callback?.(answer);
        return answer;
      });
      return this;
    };
    return {
      boundingClientRect: ask((element) => this.rect(element)),
      scrollOffset: ask(({ scrollTop, scrollLeft, scrollHeight, scrollWidth }) =>
        ({ scrollTop, scrollLeft, scrollHeight, scrollWidth })),
    };
  }

  rect(element) {
    const origin = this.page.stage.getBoundingClientRect();
    const { left, top, width, height } = element.getBoundingClientRect();
    const [x, y] = [left - origin.left, top - origin.top];
    const { id = '', dataset = {} } = element.wxNode ?? {};
    return { id, dataset, left: x, top: y, right: x + width, bottom: y + height, width, height };
  }

  exec(callback) {
    queueMicrotask(() => {
      const answers = this.questions.map((question) => question());
      callback?.(answers);
    });
    return this;
  }
}
