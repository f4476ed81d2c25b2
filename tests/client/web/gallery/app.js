App({
  heard: [],
  onLaunch() {
    this.heard.push('launch');
  },
  onShow() {
    this.heard.push('show');
  },
  onHide() {
    this.heard.push('hide');
  },
});
