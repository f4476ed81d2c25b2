// @ts-check
// Words in one's own text that bring up a quiet card with help lines, and those lines. The card is
// shown on this device only; nobody is told. Operators adapt both to their country.

module.exports = {
  words: [
    '自杀', '轻生', '不想活', '活不下去', '想死', '结束生命', '自残', '割腕', '跳楼', '安眠药',
    'suicide', 'kill myself', 'end my life', 'want to die', 'self harm', 'self-harm', 'hurt myself',
  ],
  lines: {
    zh: [
      { name: '全国统一心理援助热线', number: '12356' },
      { name: '青少年服务热线', number: '12355' },
      { name: '紧急情况', number: '110 / 120' },
    ],
    en: [
      { name: 'Mainland China, psychological support', number: '12356' },
      { name: 'US and Canada, suicide and crisis', number: '988' },
      { name: 'UK and Ireland, Samaritans', number: '116 123' },
      { name: 'Anywhere else', number: 'findahelpline.com' },
    ],
  },
};
