/** The longest a right is lent for, in days: what is needed longer is granted, and reviewed. */
export const longestLoan = 92
