const app = getApp();

Page({
  data: {
    draft: '', note: '', agreed: false, loud: true, chosen: ['b'], rows: [], last: '', heard: [],
    topics: [{ id: 'a', name: 'Music' }, { id: 'b', name: 'Film' }], minutes: 7, held: '',
  },
  tell(line) {
    this.setData({ heard: [...this.data.heard, line] });
  },
  onLoad(query) {
    this.tell(`load ${query.from || ''}`);
    const rows = [];
    for (let n = 0; n < 40; n += 1) rows.push({ id: n, name: `row ${n}`, value: n * n });
    this.setData({ rows, last: 'row-39' });
  },
  onShow() {
    this.tell('show');
  },
  onHide() {
    app.heard.push('first hidden');
  },
  onReady() {
    this.tell('ready');
  },
  write(event) {
    this.setData({ draft: event.detail.value });
  },
  send(event) {
    this.tell(`sent ${event.detail.value || this.data.draft}`);
    this.setData({ draft: '' });
  },
  agree(event) {
    this.setData({ agreed: event.detail.value.length > 0 });
  },
  choose(event) {
    this.setData({ chosen: event.detail.value });
  },
  loudness(event) {
    this.setData({ loud: event.detail.value });
  },
  hold(event) {
    const { id } = event.currentTarget.dataset;
    this.setData({ held: `${id} ${event.touches.length} ${event.detail.x > 0}` });
  },
  tapRow(event) {
    this.tell(`tap ${event.currentTarget.dataset.id}`);
  },
  pressed(event) {
    this.tell(`pressed ${event.mark.doubled}`);
  },
  upper() {
    this.tell('upper');
  },
  async ask() {
    const { confirm } = await wx.showModal({ title: 'Leave?', content: 'Really leave' });
    this.tell(`asked ${confirm}`);
  },
  sheet() {
    wx.showActionSheet({
      itemList: ['One', 'Two'],
      success: ({ tapIndex }) => this.tell(`sheet ${tapIndex}`),
      fail: ({ errMsg }) => this.tell(errMsg),
    });
  },
  toast() {
    wx.showToast({ title: 'Well done' });
  },
  measure() {
    wx.createSelectorQuery().select('#log').boundingClientRect().select('#log').scrollOffset()
      .exec(([rect, offset]) => this.tell(
        `measured ${rect.height > 0} ${rect.left} ${offset.scrollTop > 0}`));
  },
  next() {
    wx.navigateTo({ url: '../second/second?from=first' });
  },
});
