/** Returns where the words for a duty stand: its name has a dot, which separates keys of messages. */
export const dutyKey = (duty: string): string => duty.replace('.', '_')
