/** Returns the `id` of a route's address. */
export const idOf = (params: Readonly<Record<string, string>>): string => params['id'] ?? ''
