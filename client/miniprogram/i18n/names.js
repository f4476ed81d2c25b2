// @ts-check
// What the server names in Chinese, in English: the parts of aliases and its built-in topics. What
// is not found here stays as it is: operators choose topics of their own, and a later server may
// know more names.

/** @type {Record<string, string>} */
const MANNERS = {
  安静的: 'Quiet', 路过的: 'Passing', 早起的: 'Early', 晚睡的: 'Late', 发呆的: 'Musing',
  赶路的: 'Hurrying', 听歌的: 'Listening', 看海的: 'Sea-gazing', 爬山的: 'Climbing',
  淋雨的: 'Drenched', 晒太阳的: 'Sunbathing', 数星星的: 'Stargazing', 吹风的: 'Breezy',
  散步的: 'Strolling', 写信的: 'Writing', 读书的: 'Reading', 喝茶的: 'Tea-sipping',
  画画的: 'Painting', 唱歌的: 'Singing', 做梦的: 'Dreaming', 认真的: 'Earnest', 温和的: 'Gentle',
  好奇的: 'Curious', 慢吞吞的: 'Unhurried', 勇敢的: 'Brave', 害羞的: 'Shy', 乐观的: 'Hopeful',
  细心的: 'Careful', 自在的: 'Easygoing', 坦率的: 'Frank', 远方的: 'Faraway', 山里的: 'Mountain',
  海边的: 'Seaside', 屋顶的: 'Rooftop', 巷口的: 'Alley', 月下的: 'Moonlit', 林间的: 'Woodland',
  河畔的: 'Riverside', 窗边的: 'Windowsill', 车站的: 'Station',
};

/** @type {Record<string, string>} */
const NOUNS = {
  云: 'Cloud', 风: 'Wind', 雨: 'Rain', 雪: 'Snow', 星: 'Star', 月: 'Moon', 山: 'Hill', 河: 'River',
  海: 'Sea', 湖: 'Lake', 松: 'Pine', 竹: 'Bamboo', 梅: 'Plum', 荷: 'Lotus', 枫: 'Maple',
  橘: 'Tangerine', 柚: 'Pomelo', 茶: 'Tea', 石: 'Stone', 灯: 'Lamp', 船: 'Boat', 帆: 'Sail',
  桥: 'Bridge', 伞: 'Umbrella', 信: 'Letter', 笛: 'Flute', 鼓: 'Drum', 钟: 'Bell', 鹿: 'Deer',
  鹤: 'Crane', 鲸: 'Whale', 猫: 'Cat', 雁: 'Goose', 燕: 'Swallow', 蝉: 'Cicada', 萤: 'Firefly',
  鱼: 'Fish', 狐: 'Fox', 兔: 'Hare', 熊: 'Bear',
};

/**
 * By the Chinese title, since operators may use an id for something else.
 * @type {Record<string, {title: string, hint: string, was: string}>}
 */
const TOPICS = {
  压力: { title: 'Stress', hint: 'What weighs on you lately', was: '说说最近压在心上的事' },
  恋爱: { title: 'Love', hint: 'Liking, missing, not letting go', was: '喜欢、想念、放不下' },
  学习: { title: 'Studies', hint: 'Exams, papers, choices', was: '考试、论文、选择' },
  工作: { title: 'Work', hint: 'Colleagues, overtime, stay or go', was: '同事、加班、去留' },
  家庭: { title: 'Family', hint: 'Parents, children, going home', was: '父母、孩子、回家' },
  音乐: { title: 'Music', hint: 'What are you listening to', was: '在听什么歌' },
  电影: { title: 'Films', hint: 'Just watched one', was: '刚看完一部' },
  游戏: { title: 'Games', hint: 'One round, then talk', was: '来一局再聊' },
  运动: { title: 'Sports', hint: 'Running, matches, the gym', was: '跑步、球赛、健身' },
  美食: { title: 'Food', hint: 'What to eat today', was: '今天吃什么' },
  旅行: { title: 'Travel', hint: 'Where you were and want to go', was: '去过和想去的地方' },
  深夜: { title: 'Late at night', hint: "For those who can't sleep", was: '睡不着的人' },
};

/**
 * @param {'zh' | 'en'} language
 * @param {string} given
 * @returns {string}
 */
function alias(language, given) {
  const split = given.lastIndexOf('的') + 1;
  const manner = MANNERS[given.slice(0, split)];
  const noun = NOUNS[given.slice(split)];
  return language === 'en' && manner && noun ? manner + ' ' + noun : given;
}

/**
 * @param {'zh' | 'en'} language
 * @param {{title: string, hint: string}} given
 * @returns {{title: string, hint: string}}
 */
function topic(language, given) {
  const known = language === 'en' ? TOPICS[given.title] : undefined;
  if (!known) return { title: given.title, hint: given.hint };
  return { title: known.title, hint: given.hint === known.was ? known.hint : given.hint };
}

module.exports = { alias: alias, topic: topic, MANNERS: MANNERS, NOUNS: NOUNS, TOPICS: TOPICS };
