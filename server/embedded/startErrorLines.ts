import type { ErrorCode } from '../../domain/errors.ts'
import { transitLines } from './transitLines.ts'

/** One line in both languages. */
export type Line = { zh: string; en: string }

/** By `problem` of `config_invalid`: what is wrong, what to do. `{…}` is filled from the error's details. */
export const configLines: Record<string, Line> = {
  ...transitLines,
  unknown: {
    zh: '不认识的设置 {option}：请检查拼写，见 docs/operations.md。',
    en: 'Unknown setting {option}: check the spelling; docs/operations.md lists all.',
  },
  unknown_or_incomplete: {
    zh: '参数 {option} 不认识或缺少值：可用 --port --host --data --config --demo。',
    en: 'Argument {option} is unknown or lacks a value: there are --port --host --data --config --demo.',
  },
  not_a_port: { zh: '{option} 必须是 0 到 65535 之间的端口号。', en: '{option} must be a port number from 0 to 65535.' },
  not_absolute: {
    zh: '{option} 必须是完整路径，例如 /mnt/backup。',
    en: '{option} must be a full path, such as /mnt/backup.',
  },
  no_backup_folder: {
    zh: '没有设置备份文件夹：请设置 {option}，指向另一块磁盘上的文件夹。',
    en: 'No folder for backups is configured: set {option} to a folder on another disk.',
  },
  without_oidc_issuer: { zh: '设了 {option}，却没有 ANECHOIC_OIDC_ISSUER。', en: '{option} is set without ANECHOIC_OIDC_ISSUER.' },
  not_an_issuer: {
    zh: '{option} 必须是身份提供方的 https:// 地址，不带密码、查询和片段。',
    en: "{option} must be the provider's https:// address, without password, query or fragment.",
  },
  not_a_claim: {
    zh: '{option} 不是声明的名称，例如 preferred_username。',
    en: '{option} is not the name of a claim, such as preferred_username.',
  },
  not_roles: {
    zh: '{option} 应为“组=角色”，以分号分隔，例如 sales=salesConsultant;shop=storeManager。',
    en: '{option} must be group=role with semicolons, such as sales=salesConsultant;shop=storeManager.',
  },
  unclaimable_role: {
    zh: '{option} 不能授予 owner、securityOfficer、systemAdministrator 或 auditor：这些角色只能由人授予。',
    en: '{option} cannot grant owner, securityOfficer, systemAdministrator or auditor: people grant these.',
  },
  too_long_a_name: { zh: '{option} 最多 40 个字符。', en: '{option} must be at most 40 characters.' },
  not_a_provider: { zh: '{option} 只能是 file 或 passphrase。', en: '{option} must be file or passphrase.' },
  without_relay_url: { zh: '设了 {option}，却没有 ANECHOIC_RELAY_URL。', en: '{option} is set without ANECHOIC_RELAY_URL.' },
  not_https: {
    zh: '{option} 必须是 https:// 地址：客户的号码不会以明文发出。',
    en: '{option} must be an https:// address: no number of a customer is sent in the clear.',
  },
  holds_a_password: {
    zh: '{option} 的地址里不能写密码，请用 ANECHOIC_RELAY_TOKEN。',
    en: '{option} must not hold a password: use ANECHOIC_RELAY_TOKEN.',
  },
  missing: { zh: '缺少 {option}。', en: '{option} is missing.' },
  not_a_token: { zh: '{option} 至少 8 个可见的 ASCII 字符。', en: '{option} must be at least 8 visible ASCII characters.' },
  not_minutes: { zh: '{option} 必须是 1 到 120 的分钟数。', en: '{option} must be a number of minutes from 1 to 120.' },
  demo_with_passphrase: {
    zh: '{option} 不能与口令保护的密钥一起用：演示数据没有需要口令保护的东西。请去掉 ANECHOIC_KEY_PROVIDER=passphrase。',
    en: '{option} does not go with a passphrase: a demo has nothing that needs one. Leave out ANECHOIC_KEY_PROVIDER=passphrase.',
  },
  not_a_demo_size: { zh: '{option} 必须是 20 到 20000 之间的数。', en: '{option} must be a number from 20 to 20000.' },
  not_a_database_url: { zh: '{option} 不是 postgres:// 地址。', en: '{option} is not a postgres:// URL.' },
  unreadable: {
    zh: '无法读取配置文件 {option}：请检查路径和权限（以 root 启动时，系统用户 anechoic 必须能读它）。',
    en: 'Cannot read the configuration file {option}: check path and rights (started by root, the system user anechoic must be able to read it).',
  },
  not_json: { zh: '配置文件 {option} 不是有效的 JSON。', en: 'The configuration file {option} is not valid JSON.' },
  not_object: { zh: '配置文件 {option} 必须是一个 JSON 对象。', en: 'The configuration file {option} must be one JSON object.' },
  wrong_type: {
    zh: '{option} 的类型不对：应为文本（端口可为数字）。',
    en: '{option} has the wrong type: it must be a text (a port may be a number).',
  },
  foreign_folder: {
    zh: '文件夹 {path} 里有别的东西，不是 Anechoic 的数据：请用 --data 指定一个空文件夹。',
    en: 'The folder {path} holds something else, not data of Anechoic: name an empty folder with --data.',
  },
  no_system_user: {
    zh: 'PostgreSQL 不能以 root 运行，且没有可用的系统用户：请执行 useradd --system anechoic。',
    en: 'PostgreSQL cannot run as root and there is no system user for it: run useradd --system anechoic.',
  },
  tls_required: {
    zh: '{option}：到 {host} 的连接必须验证证书，请写 sslmode=verify-full（自有 CA 另加 sslrootcert=文件）。',
    en: '{option}: the connection to {host} must verify its certificate: write sslmode=verify-full (and sslrootcert=FILE for a CA of your own).',
  },
  tls_option: {
    zh: '{option}：不允许的连接参数 {parameter}，它会绕过证书验证。',
    en: '{option}: the connection parameter {parameter} is not allowed, it would go around the certificate check.',
  },
  tls_file: {
    zh: '{option}：无法读取 sslrootcert、sslcert 或 sslkey 指定的文件。',
    en: '{option}: a file named by sslrootcert, sslcert or sslkey cannot be read.',
  },
  no_host: { zh: '{option} 缺少主机名。', en: '{option} names no host.' },
  no_database: { zh: '{option} 缺少数据库名。', en: '{option} names no database.' },
  database_too_old: {
    zh: '数据库是 PostgreSQL {found}，需要 15 或更高版本。',
    en: 'The database is PostgreSQL {found}; 15 or later is needed.',
  },
  database_not_utf8: {
    zh: '数据库编码是 {found}，需要 UTF8：请用 ENCODING UTF8 重建。',
    en: 'The database is encoded in {found}; UTF8 is needed: create it with ENCODING UTF8.',
  },
  runtime_role_needed: {
    zh: 'DATABASE_URL 的角色没有 CREATEROLE，无法建立运行角色：请自建一个无 DDL 权限的角色，写入 ANECHOIC_RUNTIME_DATABASE_URL。',
    en: 'The role of DATABASE_URL has no CREATEROLE, so no run-time role can be made: create one without DDL rights and give it as ANECHOIC_RUNTIME_DATABASE_URL.',
  },
  runtime_role_in_use: {
    zh: '运行角色 {role} 正被另一个节点使用：请在本机设置 ANECHOIC_RUNTIME_DATABASE_URL，或复制该节点的 secrets/runtime.password。',
    en: "The run-time role {role} is in use by another node: set ANECHOIC_RUNTIME_DATABASE_URL here, or copy that node's secrets/runtime.password.",
  },
  runtime_role_too_strong: {
    zh: 'ANECHOIC_RUNTIME_DATABASE_URL 的角色权限过大（超级用户、与所有者相同或可建表）：请换一个普通角色。',
    en: 'The role of ANECHOIC_RUNTIME_DATABASE_URL is too strong (superuser, the owner itself, or may create tables): take an ordinary role.',
  },
  runtime_other_database: {
    zh: 'ANECHOIC_RUNTIME_DATABASE_URL 指向另一个数据库。',
    en: 'ANECHOIC_RUNTIME_DATABASE_URL points at another database.',
  },
}

/** By `problem` of `database_unavailable`. */
export const databaseLines: Record<string, Line> = {
  no_binaries: {
    zh: '没有适用于 {platform} 的内置 PostgreSQL：请设置 DATABASE_URL 指向 PostgreSQL 15 或更高版本。',
    en: 'There is no embedded PostgreSQL for {platform}: point DATABASE_URL at a PostgreSQL 15 or later.',
  },
  no_links: {
    zh: 'PostgreSQL 的程序库链接缺失：请用 npm start 启动，它会建立链接。',
    en: "PostgreSQL's library links are missing: start with npm start, which makes them.",
  },
  start_failed: {
    zh: '内置数据库无法启动：原因见 {path}/log/postgres.log。',
    en: 'The embedded database does not start: see {path}/log/postgres.log for the reason.',
  },
  gave_up: {
    zh: '内置数据库反复停止，服务已退出：原因见 {path}/log/postgres.log，然后重新启动。',
    en: 'The embedded database keeps stopping, so the server ended: see {path}/log/postgres.log, then start again.',
  },
  certificate: {
    zh: '数据库的证书不可信（{reason}）：请更新它，或在 {option} 里写证书上的主机名；自有 CA 请加 sslrootcert=文件。',
    en: "The database's certificate is not trusted ({reason}): renew it, name the host it is for in {option}, or give your own authority with sslrootcert=FILE.",
  },
  connection: {
    zh: '无法连接数据库（{reason}）：请检查 {option} 和网络。',
    en: 'Cannot connect to the database ({reason}): check {option} and the network.',
  },
}

/** By `problem` of `keyring_invalid`: the keyring and the key file both end here, and only one of them is at fault. */
export const keyringLines: Record<string, Line> = {
  missing: {
    zh: '找不到 {file}：请从密钥副本放回原处，或用恢复套件恢复；新建的文件打不开现有数据。',
    en: '{file} is missing: put it back from a key copy, or recover with the recovery kit; a new one would not open existing records.',
  },
  mode: { zh: '其他用户可以读取 {file}：请执行 chmod 600 {file}。', en: 'Others can read {file}: run chmod 600 {file}.' },
  unreadable: {
    zh: '无法读取 {file}（运行用户：{user}）：请检查权限。',
    en: 'Cannot read {file} (running as {user}): check its rights.',
  },
  newer_format: {
    zh: '{file} 由更新的版本写入：请安装那个版本。',
    en: '{file} was written by a newer release: install that one.',
  },
  mac: {
    zh: '{file} 被没有密钥的人改动过：请从密钥副本恢复，切勿删除它。',
    en: '{file} was changed by somebody without its keys: restore it from a key copy, and do not delete it.',
  },
  other_provider: {
    zh: '{file} 属于另一个密钥文件或密钥提供者：请换回原来的，或用恢复套件恢复。',
    en: '{file} belongs to another key file or key provider: give that one, or recover with the recovery kit.',
  },
}

/** By code, for the others. */
export const codeLines: Partial<Record<ErrorCode, Line>> = {
  port_taken: {
    zh: '端口 {port} 已被占用：请停止占用它的程序，或用 --port 换一个。',
    en: 'Port {port} is taken: stop the program that uses it, or choose another with --port.',
  },
  data_in_use: {
    zh: '数据文件夹 {path} 正被另一个实例使用（进程 {pid}）：请先停止它，或用 --data 指定另一个文件夹。',
    en: 'The data folder {path} is in use by another instance (process {pid}): stop it first, or name another folder with --data.',
  },
  data_unreachable: {
    zh: '无法进入或写入 {path}（运行用户：{user}）：请检查它和上级文件夹的权限，或用 --data 指定另一个文件夹。',
    en: 'Cannot enter or write {path} (running as {user}): check the rights of it and the folders above, or name another with --data.',
  },
  data_newer: {
    zh: '数据文件夹 {path} 属于另一版本（{found}，此程序支持 {supported}）：请安装写入它的版本，或从备份恢复。',
    en: 'The data folder {path} belongs to another release ({found}; this one supports {supported}): install the release that wrote it, or restore a backup.',
  },
  disk_full: {
    zh: '磁盘已满（{path}）：请腾出至少 200 MB 后重新启动，数据没有丢失。',
    en: 'The disk is full ({path}): free at least 200 MB and start again; no data is lost.',
  },
  passphrase_wrong: { zh: '口令不对：请重试。', en: 'The passphrase is wrong: try again.' },
  keyring_invalid: {
    zh: '{file} 损坏或被截断：请从密钥副本或恢复套件恢复，切勿删除它。',
    en: '{file} is damaged or cut short: restore it from a key copy or the recovery kit, and do not delete it.',
  },
  key_unavailable: {
    zh: '密钥提供者不可用：请检查密钥文件是否在原处且可读。',
    en: 'The key provider is not available: check that the key file is in its place and readable.',
  },
  database_unavailable: { zh: '数据库不可用。', en: 'The database is not available.' },
}
