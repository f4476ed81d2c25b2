// What the page says, in English. The keys are the same in every language; {x} is filled in.
export const en = {
  title: 'onechat operator', skip: 'Skip to the content', menu: 'Sections', language: '中文',
  signOut: 'Sign out', lost: 'The server is not answering; trying again.',
  role: {
    viewer: 'Viewer', moderator: 'Moderator', owner: 'Owner',
  },
  place: {
    overview: 'Overview', reports: 'Reports', report: 'Report {id}', users: 'Users',
    user: 'User {id}', pair: 'Record {id}', audit: 'Audit', tokens: 'Tokens',
    unknown: 'Nothing here', flags: 'Flags', backups: 'Backups',
  },
  unknownText: 'This address leads nowhere.', toOverview: 'To the overview',
  login: {
    title: 'Operator’s page', token: 'Token', enter: 'Sign in', entering: 'Signing in…',
    hint: 'From DATA/admin.token, or as “onechat admin token add” showed it. It stays in '
      + 'the memory of this page and is gone when you reload or close it.',
    wrong: 'This server does not know the token.', ended: 'Your token is no longer good here.',
    tooMany: 'Too many wrong tokens from your address. Try again in {n} s.',
  },
  overview: {
    since: 'Version {version}, up for {time}', now: 'Just now', total: 'Since the start',
    minutes: 'The last ten minutes', people: 'People online', waiting: 'Waiting', chats: 'Chats',
    rate: 'Texts per second', cpu: 'Processor', cpuHint: 'Share of one core.',
    ack: 'Time to the ack', median: 'median',
    ackHint: 'From accepting a text to having it on disk: median and 95 %.', late: '95 %',
    sessions: 'Connections', banned: 'Banned', muted: 'Muted', openReports: 'Open reports',
    matches: 'Chats opened', texts: 'Texts', reports: 'Reports', erasures: 'Erasures',
    chart: '{name}, the last ten minutes. Now: {value}.',
  },
  list: {
    more: 'Show more', loading: 'Loading…', again: 'Try again', refresh: 'Refresh',
    searching: 'Nothing on this page; there may be more further back.',
  },
  id: 'No.', when: 'When', who: 'Who', what: 'What', whom: 'Subject', why: 'Why', state: 'State',
  user: 'User {id}', pair: 'Record {id}', report: 'Report {id}', never: 'never',
  reports: {
    none: 'No report is open. Well done.', noneAtAll: 'There are no reports here.',
    filter: 'Which reports', open: 'Open', resolved: 'Closed', all: 'All', reason: 'Reason',
    target: 'Reported', reporter: 'By', mutes: 'mutes',
    mutesHint: 'Keeps the reported person from being matched.',
    flagged: 'note flagged', flaggedHint: 'Moderation holds what the reporter wrote for suspicious.',
    newer: 'There are new reports: refresh',
  },
  reportState: {
    open: 'open', resolved: 'closed', closing: 'closing',
  },
  reportReason: {
    spam: 'Spam', abuse: 'Abuse', sexual: 'Sexual content', fraud: 'Fraud', minor: 'A minor',
    other: 'Other',
  },
  report_: {
    kept: 'Kept until', resolved: 'Closed', nickname: 'Called themself',
    note: 'What the reporter wrote', noNote: 'The reporter wrote nothing.', evidence: 'Evidence',
    noEvidence: 'Nothing was said before the report.', target: 'reported', reporter: 'reporter',
    decide: 'Decide', whyHint: 'Stands in the audit, and with a ban as its reason.',
    why: 'report {id}: {reason}', close: 'Nothing to do: close',
    person: 'Close all open reports about this person', banAndClose: 'Ban and close', term: 'Ban',
    full: 'The whole record', back: 'Back to the queue', closing: 'Report {id} will be closed.',
    closed: 'Report {id} is closed.', isClosed: 'This report is closed.',
    kept_: 'Report {id} stays open.',
  },
  users: {
    query: 'Number, alias or OpenID, whole', filter: 'State', any: 'Any state', find: 'Find',
    none: 'Nobody fits.', provider: 'From', account: 'Account', created: 'First came',
    seen: 'Last seen', online: 'Online', clear: 'Clear',
  },
  provider: {
    guest: 'Guest', wechat: 'WeChat', qq: 'QQ',
  },
  standing: {
    active: 'active', banned: 'banned', muted: 'muted', erased: 'erased',
  },
  user_: {
    acts: 'Actions', bannedUntil: 'Banned until', forEver: 'for ever', muted: 'Muted by reports',
    close: 'Close connection {id}', closed: 'Connection {id} was closed; it may come back.',
    bans: 'Bans', noBans: 'Never banned.', by: 'by {who}', lifted: 'lifted', level: 'No. {n}',
    ban: 'Ban', lift: 'Lift the ban', pairs: 'Whom this user met', access: 'Logins',
    account: 'The whole account', noAccount: 'This user has no account with a platform (any more).',
    erase: 'Erase the account', noPairs: 'This user has met nobody.',
    noAccess: 'No login is kept; see --keep-access.', erasure: 'Erasure', receipt: 'Receipt',
    erasedAt: 'Erased', sealed: 'Sealed until', done: 'Overwritten', notDone: 'not yet',
    eraseText: 'The account, its records and its texts are erased, on both sides, and '
      + 'the connections end. This can’t be undone.',
    erased: 'User {id} is erased. Receipt: {receipt}', banned: 'User {id} is banned, {until}.',
    until: 'until {time}', banLifted: 'The ban of user {id} is lifted.',
    noBan: 'There was no running ban of user {id}.',
    banStays: 'The ban stays: another one was running before. Lift them on the user’s page.', address: 'From', unban: 'a mistake: {why}',
  },
  access: {
    login: 'logged in', logout: 'logged out', close: 'connection ended',
    erase: 'erased the account',
  },
  term: {
    1: '1 day', 7: '7 days', 30: '30 days', terms: 'As the server’s terms say', ever: 'For ever',
  },
  pair_: {
    live: 'In a chat now', met: 'Ended chats', last: 'Last', alias: 'Seen as',
    cleared: 'has cleared the record', older: 'Show older', begin: 'The beginning.',
    none: 'No event is kept.', remove: 'Delete', removeNo: 'Delete text {n}',
    removeAll: 'Delete all texts', removed: 'Deleted, on both phones.',
    removedAll: '{n} texts deleted.',
    removeText: 'The text disappears from both phones. This can’t be undone.',
    removeAllText: 'Every text of this record disappears from both phones. This can’t be undone.',
    newest: 'To the newest',
  },
  event: {
    start: 'A chat began', end: 'The chat ended', recall: 'took back text {n}',
    removedRef: 'Text {n} was removed', of: 'Record {id}, text {n}',
  },
  gone: {
    recall: 'taken back by its sender', erase: 'erased with its sender’s account',
    removed: 'deleted by an operator',
  },
  gate: {
    title: 'Why do you read this?',
    text: 'Your reason goes into the audit before anything is shown.', open: 'Read',
    queue: 'Working on the reports', complaint: 'A complaint', law: 'A lawful request',
    suggest: 'Suggestions', forbidden: 'Your role may not read this.',
  },
  reason: {
    label: 'Reason', bad: '3 to 500 characters, please.', hint: 'For the audit.',
  },
  dialog: {
    cancel: 'Cancel', undo: 'Undo', dismiss: 'Dismiss', notUndone: 'Too late: it is done.',
  },
  audit: {
    none: 'Nothing has been done yet.',
    hint: 'What operators read and did, newest first. Nobody can change it.',
  },
  act: {},
  tokens: {
    add: 'Make a token', name: 'Name',
    nameHint: 'Small letters, digits, “.”, “_” and “-”; up to 32.', role: 'Role', created: 'Made',
    used: 'Last used', make: 'Make', remove: 'Remove', removeNo: 'Remove the token {name}',
    removeText: '“{name}” can’t sign in any more, at once. This can’t be undone.',
    removed: 'The token {name} is removed.', made: 'The token of {name}',
    once: 'Shown this once. Hand it over safely; the server keeps a digest alone.', copy: 'Copy',
    copied: 'Copied.', hide: 'Hide it',
    roleHint: {
      viewer: 'Figures, and lists without a word that anybody said.',
      moderator: 'Also records and reports, bans, deletions.', owner: 'Everything.',
    },
  },
  problem: {
    unreachable: 'The server can’t be reached.',
    odd_answer: 'Something else than onechat answered.',
    not_found: 'There is no such thing (any more).', forbidden: 'Your role may not do this.',
    store_unavailable: 'Nothing was done: the server can’t store just now. Try again in a moment.',
    pair_is_live: 'The two are in a chat: delete single texts, or wait.',
    name_taken: 'There is a token of this name already.',
    last_owner: 'The last owner’s token stays: nobody could make another.',
    erased: 'This account is gone already.', too_many: 'There are as many tokens as are kept.',
    bad_field: 'That does not fit.', bad_query: 'That can’t be searched for.',
    reason_required: 'A reason of 3 to 500 characters is needed.',
    unknown_host: 'The server does not know itself under this address; name it in --admin-hosts.',
    foreign_origin: 'The server takes this page for a foreign one. Is there a proxy that '
      + 'changes Host?',
    under_way: 'A backup is under way already.',
  },
  flags: {
    hint: 'Texts that moderation let pass, and wants a person to look at.',
    none: 'Nothing has been flagged.', text: 'Text', source: 'Seen by', label: 'label {n}',
  },
  flagSource: {
    filter: 'Our own filter', platform: 'WeChat or QQ',
  },
  backups: {
    hint: 'Copies of all that is remembered, in DATA/backups.', none: 'There is no backup yet.',
    name: 'Name', size: 'Size', make: 'Back up now', making: 'The backup {name} is under way.',
    keep: 'Keep', keepHint: 'How many; older ones are removed.',
  },
  backupState: {
    made: 'there', under_way: 'under way', failed: 'failed',
  },
};
