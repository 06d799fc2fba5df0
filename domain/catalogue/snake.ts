/** Returns a camelCase or kebab-case name as it is written in SQL: `storeId` -> `store_id`, `service-plans` -> `service_plans`. */
export const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replaceAll('-', '_')
