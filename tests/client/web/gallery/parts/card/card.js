Component({
  options: { multipleSlots: true },
  properties: { title: String, level: { type: Number, value: 1 } },
  data: { doubled: 0 },
  observers: {
    level(level) {
      this.setData({ doubled: level * 2 });
    },
  },
  pageLifetimes: {
    show() {
      getApp().heard.push(`card ${this.data.title}`);
    },
  },
  methods: {
    press() {
      this.triggerEvent('pressed', { doubled: this.data.doubled });
    },
  },
});
