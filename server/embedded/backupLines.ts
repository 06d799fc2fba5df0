import type { Line } from './startErrorLines.ts'

/** By `problem` of `backup_failed`, `backup_invalid` and `restore_refused`: what is wrong, what to do. `{…}` is filled from the error's details. */
export const backupLines: Record<string, Line> = {
  disk_full: {
    zh: '备份没有完成：{path} 所在的磁盘已满。未完成的部分已删除，请腾出空间或换一块磁盘。',
    en: 'The backup was not made: the disk of {path} is full. What was written is removed; free some space, or take another disk.',
  },
  not_writable: {
    zh: '备份没有完成：无法写入 {path}（运行用户：{user}）。请检查权限，以及磁盘是否已接上。',
    en: 'The backup was not made: cannot write {path} (running as {user}). Check its rights, and whether the disk is plugged in.',
  },
  disk: {
    zh: '备份没有完成：写入 {path} 时磁盘出错（{code}）。请换一块磁盘，不要使用这次的结果。',
    en: 'The backup was not made: the disk failed while {path} was written ({code}). Take another disk.',
  },
  cut: {
    zh: '没有完成：数据传到一半中断了。请重试；没有留下不完整的结果。',
    en: 'Not finished: the data stopped coming half-way. Try again; nothing half-made is left.',
  },
  no_folder: { zh: '找不到文件夹 {path}，或无法读取。', en: 'The folder {path} is not there, or cannot be read.' },
  none: { zh: '{path} 里没有完整的备份。', en: 'There is no finished backup in {path}.' },
  no_manifest: {
    zh: '{path} 不存在：这个备份没有完成，或缺了文件。请用另一个备份。',
    en: '{path} is missing: this backup was never finished, or lacks a file. Take another one.',
  },
  unreadable: { zh: '无法读取 {path}：请检查权限和磁盘。', en: 'Cannot read {path}: check its rights and the disk.' },
  manifest: {
    zh: '{path} 损坏，或不是备份清单。请用另一个备份。',
    en: '{path} is damaged, or is no manifest of a backup. Take another one.',
  },
  manifest_edited: {
    zh: '{path} 被改动过：不是备份时写下的内容。请用另一个备份。',
    en: '{path} was changed: it is not what the backup wrote. Take another one.',
  },
  newer_format: {
    zh: '{path} 的备份格式（{found}）比此程序支持的（{supported}）新：请安装写入它的版本。',
    en: '{path} has a newer backup format ({found}) than this release reads ({supported}): install the release that wrote it.',
  },
  newer_migrations: {
    zh: '{path} 由更新的版本 {product} 写入（数据库结构 {found}，此程序支持到 {supported}）：请安装那个版本。',
    en: '{path} was written by the newer release {product} (database structure {found}; this one knows {supported}): install that one.',
  },
  other_schema: {
    zh: '{path} 的数据库结构与此程序不同（由版本 {product} 写入）：请安装写入它的版本。',
    en: '{path} has another database structure than this release (written by {product}): install the release that wrote it.',
  },
  other_kit: {
    zh: '{path} 需要恢复套件 {kit}，给出的是套件 {given} 的份额。',
    en: '{path} needs recovery kit {kit}; the shares are of kit {given}.',
  },
  key_copy_missing: {
    zh: '缺少密钥副本 {path}：没有它，数据打不开。请从另存密钥副本的地方放回来。',
    en: 'The key copy {path} is missing: without it the data does not open. Put it back from where key copies are kept.',
  },
  file_missing: { zh: '缺少文件 {path}。请用另一个备份。', en: 'The file {path} is missing. Take another backup.' },
  truncated: {
    zh: '{path} 被截断（{found} 字节，应为 {expected}）。请用另一个备份。',
    en: '{path} is cut short ({found} bytes instead of {expected}). Take another backup.',
  },
  damaged: {
    zh: '{path} 已损坏：与清单中的校验值不符。请用另一个备份。',
    en: '{path} is damaged: it differs from its hash in the manifest. Take another backup.',
  },
  unsealable: {
    zh: '{path} 用这个恢复套件打不开：它不是这家公司的服务器写的。',
    en: '{path} does not open with this recovery kit: no server of this installation wrote it.',
  },
  content: {
    zh: '备份的内容与清单不符（{table}）。请用另一个备份。',
    en: 'The backup does not hold what its manifest says ({table}). Take another one.',
  },
  not_empty: {
    zh: '{path} 里已有数据：恢复只写入空文件夹。请用 --data 指定一个空文件夹。',
    en: '{path} holds data already: a restore fills only an empty folder. Name an empty one with --data.',
  },
  not_empty_database: {
    zh: '数据库里已有数据：恢复只写入空数据库。请另建一个数据库，或换一个空的数据文件夹。',
    en: 'The database holds data already: a restore fills only an empty one. Make another database, or name an empty data folder.',
  },
  unfinished: {
    zh: '{path} 的恢复被中断，没有完成：请再执行一次 restore（会从头开始），或删除这个文件夹。',
    en: 'A restore into {path} was interrupted: run restore again (it begins anew), or delete that folder.',
  },
  passphrase_needed: {
    zh: '设置的密钥提供者是口令：请用 --passphrase-file 给出新的口令。',
    en: 'The key provider is a passphrase: give a new one with --passphrase-file.',
  },
}

/** By `problem` of `shares_invalid`; `path` is the file of the share at fault. */
export const sharesLines: Record<string, Line> = {
  none: {
    zh: '{path} 里没有恢复套件的份额（share-1.txt 等）。',
    en: 'There are no shares of a recovery kit in {path} (share-1.txt and so on).',
  },
  mistyped: { zh: '{path} 里没有有效的份额：请对照纸面重新输入。', en: '{path} holds no valid share: compare it with the paper.' },
  other_kit: { zh: '{path} 属于另一个恢复套件。', en: '{path} belongs to another recovery kit.' },
  repeated: { zh: '{path} 与另一份相同：需要不同的份额。', en: '{path} is the same share as another: different ones are needed.' },
  too_few: { zh: '份额不够：给出 {given} 份，需要 {needed} 份。', en: 'Too few shares: {given} given, {needed} needed.' },
  wrong_result: {
    zh: '这些份额拼不出恢复套件的密钥：请换另外几份。',
    en: 'These shares do not give the key of the kit: take others of it.',
  },
}
