// 页面上的中文。各语言的键相同；{x} 由程序填入。
export const zh = {
  title: 'onechat 管理台', skip: '跳到正文', menu: '栏目', language: 'English', signOut: '退出',
  lost: '服务器没有回应，正在重试。',
  role: {
    viewer: '查看员', moderator: '审核员', owner: '所有者',
  },
  place: {
    overview: '概览', reports: '举报', report: '举报 {id}', users: '用户', user: '用户 {id}', pair: '记录 {id}',
    audit: '审计', tokens: '令牌', unknown: '此处没有内容', flags: '标记', backups: '备份',
  },
  unknownText: '这个地址没有对应的页面。', toOverview: '回到概览',
  login: {
    title: '管理台', token: '令牌', enter: '登录', entering: '正在登录…',
    hint: '见 DATA/admin.token，或 “onechat admin token add” 显示的那一串。它只留在本页的内存中，刷新或关闭后即消失。',
    wrong: '服务器不认识这个令牌。', ended: '你的令牌已失效。', tooMany: '你的地址上错误令牌过多，请在 {n} 秒后重试。',
  },
  overview: {
    since: '版本 {version}，已运行 {time}', now: '此刻', total: '启动以来', minutes: '最近十分钟', people: '在线人数',
    waiting: '等待中', chats: '聊天中', rate: '每秒消息', cpu: '处理器', cpuHint: '占一个核心的比例。', ack: '确认耗时',
    ackHint: '从接受一条消息到写入磁盘：中位数与 95 %。', median: '中位数', late: '95 %', sessions: '连接', banned: '封禁中',
    muted: '禁言中', openReports: '待处理举报', matches: '已开始聊天', texts: '消息', reports: '举报',
    erasures: '注销', chart: '{name}，最近十分钟。现在：{value}。',
  },
  list: {
    more: '显示更多', loading: '加载中…', again: '重试', refresh: '刷新', searching: '这一页没有，更早的可能还有。',
  },
  id: '编号', when: '时间', who: '操作者', what: '操作', whom: '对象', why: '理由', state: '状态', user: '用户 {id}',
  pair: '记录 {id}', report: '举报 {id}', never: '从未',
  reports: {
    none: '没有待处理的举报。', noneAtAll: '这里没有举报。', filter: '显示哪些举报', open: '待处理', resolved: '已关闭',
    all: '全部', reason: '原因', target: '被举报者', reporter: '举报者', mutes: '禁言',
    mutesHint: '使被举报者暂时不能被匹配。', flagged: '附言存疑',
    flaggedHint: '内容审核认为举报者写的内容可疑。', newer: '有新的举报：刷新',
  },
  reportState: {
    open: '待处理', resolved: '已关闭', closing: '即将关闭',
  },
  reportReason: {
    spam: '广告、刷屏', abuse: '辱骂、威胁', sexual: '色情、骚扰', fraud: '诈骗', minor: '涉及未成年人', other: '其他',
  },
  report_: {
    kept: '保留至', resolved: '关闭于', nickname: '自称', note: '举报者的说明', noNote: '举报者没有填写说明。',
    evidence: '证据', noEvidence: '举报之前没有任何消息。', target: '被举报', reporter: '举报者', decide: '处理',
    whyHint: '写入审计；封禁时即为封禁理由。', why: '举报 {id}：{reason}', close: '无需处理，关闭', person: '同时关闭关于此人的所有举报',
    banAndClose: '封禁并关闭', term: '封禁', full: '完整记录', back: '回到举报列表', closing: '举报 {id} 即将关闭。',
    closed: '举报 {id} 已关闭。', isClosed: '此举报已关闭。', kept_: '举报 {id} 仍为待处理。',
  },
  users: {
    query: '完整的编号、化名或 OpenID', filter: '状态', any: '全部状态', find: '查找', none: '没有符合的用户。',
    provider: '来源', account: '账号', created: '首次到来', seen: '最近出现', online: '在线', clear: '清除',
  },
  provider: {
    guest: '访客', wechat: '微信', qq: 'QQ',
  },
  standing: {
    active: '正常', banned: '封禁', muted: '禁言', erased: '已注销',
  },
  user_: {
    acts: '操作', bannedUntil: '封禁至', forEver: '永久', muted: '因举报禁言', close: '关闭连接 {id}',
    closed: '连接 {id} 已关闭，对方可以重连。', bans: '封禁记录', noBans: '从未被封禁。', by: '{who}', lifted: '已解除',
    level: '第 {n} 次', ban: '封禁', lift: '解除封禁', pairs: '遇到过谁', access: '登录记录', account: '完整账号',
    noAccount: '此用户在平台上没有账号（或已不存在）。', erase: '注销账号',
    noPairs: '此用户没有遇到过任何人。', noAccess: '没有留存登录记录，见 --keep-access。', erasure: '注销', receipt: '回执',
    erasedAt: '注销于', sealed: '封存至', done: '已覆写', notDone: '尚未',
    eraseText: '账号及其记录和消息将从双方删除，连接随即断开。此操作无法撤销。', erased: '用户 {id} 已注销。回执：{receipt}',
    banned: '用户 {id} 已封禁，{until}。', until: '至 {time}', banLifted: '已解除用户 {id} 的封禁。',
    noBan: '用户 {id} 没有生效中的封禁。',
    banStays: '封禁保留：此前已有生效中的封禁。可在用户页面解除。', address: '来自', unban: '误操作：{why}',
  },
  access: {
    login: '登录', logout: '退出', close: '连接结束', erase: '注销账号',
  },
  term: {
    1: '1 天', 7: '7 天', 30: '30 天', terms: '按服务器规定', ever: '永久',
  },
  pair_: {
    live: '正在聊天', met: '结束的聊天', last: '最近', alias: '化名', cleared: '已清空记录', older: '显示更早',
    begin: '记录的开头。', none: '没有留存任何内容。', remove: '删除', removeNo: '删除第 {n} 条', removeAll: '删除全部消息',
    removed: '已从双方手机删除。', removedAll: '已删除 {n} 条消息。', removeText: '这条消息将从双方手机上消失。此操作无法撤销。',
    removeAllText: '此记录的全部消息将从双方手机上消失。此操作无法撤销。', newest: '查看最新',
  },
  event: {
    start: '聊天开始', end: '聊天结束', recall: '撤回了第 {n} 条', removedRef: '第 {n} 条被删除',
    of: '记录 {id}，第 {n} 条',
  },
  gone: {
    recall: '已被发送者撤回', erase: '已随发送者的账号注销', removed: '已被管理员删除',
  },
  gate: {
    title: '你为什么要查看？', text: '理由会先写入审计，然后才显示内容。', open: '查看', queue: '处理举报', complaint: '用户投诉',
    law: '依法协查', suggest: '常用理由', forbidden: '你的角色无权查看。',
  },
  reason: {
    label: '理由', bad: '请填写 3 至 500 个字符。', hint: '写入审计。',
  },
  dialog: {
    cancel: '取消', undo: '撤销', dismiss: '知道了', notUndone: '太晚了，已经执行。',
  },
  audit: {
    none: '还没有任何操作。', hint: '管理员看过和做过的事，最新的在前。任何人都不能更改。',
  },
  act: {
    'read pairs': '查看遇到过谁', 'read events': '查看记录', 'read report': '查看举报', 'read access': '查看登录记录',
    'read account': '查看完整账号', 'export user': '导出用户数据',
    'remove event': '删除消息', 'remove events': '删除全部消息', 'resolve report': '关闭举报',
    'resolve reports of person': '关闭此人的举报', 'ban user': '封禁用户', 'lift ban': '解除封禁',
    'erase user': '注销用户', 'close session': '关闭连接', 'remove token': '删除令牌',
    'add token viewer': '新建查看员令牌', 'add token moderator': '新建审核员令牌', 'add token owner': '新建所有者令牌',
    'make backup': '备份',
  },
  tokens: {
    add: '新建令牌', name: '名称', nameHint: '小写字母、数字、“.”、“_”和“-”，最多 32 个。', role: '角色', created: '建于',
    used: '最近使用', make: '新建', remove: '删除', removeNo: '删除令牌 {name}',
    removeText: '“{name}” 将立即无法登录。此操作无法撤销。', removed: '令牌 {name} 已删除。', made: '{name} 的令牌',
    once: '只显示这一次。请安全地交给对方；服务器只保留摘要。', copy: '复制', copied: '已复制。', hide: '隐藏',
    roleHint: {
      viewer: '数据和列表，看不到任何消息内容。', moderator: '另可查看记录和举报、封禁、删除。', owner: '全部。',
    },
  },
  problem: {
    unreachable: '无法连接服务器。', odd_answer: '回应的不是 onechat。', not_found: '没有这一项（或已不存在）。',
    forbidden: '你的角色无权这样做。', store_unavailable: '未执行：服务器暂时无法写入，请稍后重试。',
    pair_is_live: '两人正在聊天：请逐条删除，或稍候。', name_taken: '已有同名令牌。',
    last_owner: '最后一个所有者的令牌不能删除，否则无人能再新建。', erased: '此账号已注销。', too_many: '令牌数量已达上限。',
    bad_field: '填写的内容不合要求。', bad_query: '无法这样搜索。', reason_required: '需要 3 至 500 个字符的理由。',
    unknown_host: '服务器不认识这个地址；请写入 --admin-hosts。', foreign_origin: '服务器认为此页来自别处。是否有代理改了 Host？',
    under_way: '已有备份正在进行。',
  },
  flags: {
    hint: '审核放行、但希望有人看一眼的消息。', none: '没有被标记的消息。', text: '消息', source: '发现者', label: '标签 {n}',
  },
  flagSource: {
    filter: '本机过滤器', platform: '微信或 QQ',
  },
  backups: {
    hint: '全部数据的副本，位于 DATA/backups。', none: '还没有备份。', name: '名称', size: '大小', make: '立即备份',
    making: '备份 {name} 正在进行。', keep: '保留份数', keepHint: '超出时删除最早的备份。',
  },
  backupState: {
    made: '已完成', under_way: '进行中', failed: '失败',
  },
};
