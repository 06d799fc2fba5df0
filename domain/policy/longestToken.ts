/** The longest a program's token holds, in days: one that nobody renews in a year is one that nobody remembers. */
export const longestToken = 366
