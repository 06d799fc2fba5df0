/**
 * What a value of each textual kind looks like, as sources of regular expressions with the `u` flag: `check.ts` tests them and
 * `jsonSchema.ts` prints them, so the two cannot drift apart.
 */

// Control characters (Cc), lone surrogates (Cs) and bidi embeddings, overrides and isolates, which make text read as something else (Unicode TR36).
const forbidden = String.raw`\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069`

/** One line without control characters, lone surrogates or bidi overrides. */
export const lineOnly = `^[^${forbidden}]*$`
/** The same with tabs and line breaks. */
export const linesOnly = String.raw`^(?:[^${forbidden}]|[\t\n\r])*$`
/** At least one character that is not blank. */
export const notBlank = String.raw`\S`
/** The dots of a mask (policy/mask.ts): a masked placeholder must never come back as a value. */
export const maskDots = '••••'
/** E.164 (ITU-T): a plus, a country code that does not begin with 0, 15 digits at most; 7 is the shortest in use (Saint Helena). */
export const e164 = String.raw`^\+[1-9]\d{6,14}$`
/** RFC 9562, lower case. */
export const uuid = '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'
/** ISO 8601 calendar day, years 1800 to 2199: what a birthday or a plan may be. Whether the day exists is checked apart. */
export const day = String.raw`^(?:18|19|20|21)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$`
/** ISO 8601 in UTC with milliseconds, as `Date.prototype.toISOString` writes it. */
export const instant = String.raw`^(?:18|19|20|21)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$`
