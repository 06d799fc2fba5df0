/** Days after which the last backup is too old: what was written since would be lost with the disk. Own choice, a working week and its weekend. */
export const backupDueDays = 7

/** Whether a backup is due: there was none, or the last is older than `backupDueDays`. Times are ISO 8601. */
export const isBackupDue = (last: string | null, now: Date): boolean =>
  last === null || now.getTime() - Date.parse(last) > backupDueDays * 86_400_000
