let waiting: string | null = null

/** The number a softphone handed over in the address: taken out of the address at once, kept until the finder asks for it. */
export const pendingCaller = {
  set: (phone: string): void => {
    waiting = phone
  },
  take: (): string | null => {
    const phone = waiting
    waiting = null
    return phone
  },
}
