import { useTranslation } from 'react-i18next'
import { catalogue, type EntityName } from '../../../domain/catalogue/all.ts'
import type { Field } from '../../../domain/catalogue/field.ts'
import type { ClientRight, Reach } from '../../../domain/policy/fieldRights.ts'
import { useLabel } from '../../catalogue/FieldValue.tsx'
import type { Sight } from './SightCard.tsx'

const columns = ['read', 'reveal', 'filter', 'sort', 'write', 'export'] as const

const reachIn = (right: ClientRight, column: (typeof columns)[number]): Reach =>
  column === 'sort' ? (right.sort ? 'everywhere' : 'nowhere') : right[column]

const EntityTable = ({ entity, actions, fields }: Sight['entities'][number]) => {
  const { t } = useTranslation()
  const labelOf = useLabel()
  const known = catalogue[entity as EntityName]
  const declared: Readonly<Record<string, Field>> = known.fields
  const acts = actions.map((act) => t(`rights.${act}` as 'rights.create')).join(t('listComma'))
  return (
    <div className='stack tight'>
      <h3 className='part'>
        {labelOf(known)} {acts === '' ? null : <span className='quiet small'>{acts}</span>}
      </h3>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard (axe: scrollable-region-focusable) */}
      <div className='scroll-x' tabIndex={0} role='group' aria-label={labelOf(known)}>
        <table className='sheet-table'>
          <thead>
            <tr>
              <th scope='col'>{t('sight.field')}</th>
              {columns.map((column) => (
                <th key={column} scope='col'>
                  {t(`sight.columns.${column}`)}
                </th>
              ))}
              <th scope='col'>{t('sight.columns.uses')}</th>
            </tr>
          </thead>
          <tbody>
            {Object.entries(fields).map(([name, right]) => (
              <tr key={name}>
                <th scope='row'>{declared[name] ? labelOf(declared[name]) : name}</th>
                {columns.map((column) => {
                  const reach = reachIn(right, column)
                  return (
                    <td key={column} data-reach={reach}>
                      {t(`sight.reach.${reach}`)}
                    </td>
                  )
                })}
                <td className='nowrap'>{right.uses.map((use) => t(`uses.${use}`)).join(t('listComma'))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  )
}

/** Everything somebody may do with each item of each kind of record. */
export const SightMatrix = ({ sight }: { sight: Sight }) => (
  <div className='stack matrix'>
    {sight.entities
      .filter(({ entity }) => Object.hasOwn(catalogue, entity))
      .map((one) => (
        <EntityTable key={one.entity} {...one} />
      ))}
  </div>
)
