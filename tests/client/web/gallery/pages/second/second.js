Page({
  data: { from: '' },
  onLoad({ from }) {
    this.setData({ from });
  },
  onUnload() {
    getApp().heard.push('second unloaded');
  },
  back() {
    wx.navigateBack();
  },
  again() {
    wx.redirectTo({ url: '/pages/second/second?from=itself' });
  },
  home() {
    wx.reLaunch({ url: '/pages/first/first?from=home' });
  },
});
