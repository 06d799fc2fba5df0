import type { Plant } from './imports.ts'

const field = "import { text } from '../catalogue/field.ts'\n"
const plant = (what: string, name: string, text: string): Plant => ({ what, path: `domain/crm/planted${name}.ts`, text })

/** What must not compile. `catalogue.typetest.ts` has the whole list; these prove that the compiler is asked at all. */
export const typePlants: readonly Plant[] = [
  plant('a field without class', 'Class', `${field}export const a = text({ label: { zh: '甲', en: 'A' } })\n`),
  plant('a missing Chinese label', 'Label', `${field}export const a = text({ class: 'public', label: { en: 'A' } })\n`),
  plant(
    'a personal field without purpose',
    'Purpose',
    `${field}export const a = text({ class: 'personal', label: { zh: '甲', en: 'A' } })\n`,
  ),
  plant(
    'a stored row sent as a view',
    'Row',
    "import type { Row, View } from '../catalogue/entity.ts'\nimport type { customer } from './customer.ts'\nexport const send = (row: Row<typeof customer>): View => row\n",
  ),
  plant('an error code that does not exist', 'Code', "import { AppError } from '../errors.ts'\nexport const a = new AppError('planted')\n"),
  plant('an expected error that does not come', 'Expected', `// @ts-${'expect-error'} nothing is wrong here\nexport const a = 1\n`),
]
