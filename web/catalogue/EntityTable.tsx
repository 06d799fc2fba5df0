import { memo, useCallback, useEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import type { Entity } from '../../domain/catalogue/entity.ts'
import type { Field } from '../../domain/catalogue/field.ts'
import { type TableColumn, tableColumnsOf } from '../../domain/catalogue/tableColumns.ts'
import type { Scope } from '../../domain/policy/decide.ts'
import { createdColumn } from '../../domain/preference/fitView.ts'
import { satisfies, type RuleRow } from '../../domain/policy/predicate.ts'
import type { RecordView } from '../app/contract.ts'
import { formatDay } from '../ui/formatTime.ts'
import { Highlight } from '../ui/Highlight.tsx'
import { Icon } from '../ui/Icon.tsx'
import { useLabel, useValueText, type ValueText } from './FieldValue.tsx'
import { FoundBy } from './FoundBy.tsx'
import { ListCell } from './ListCell.tsx'
import { PickCell, PickHead, type Picking } from './PickCell.tsx'
import { plainOf } from './plainOf.ts'

/** Pixels a column needs to be read, by what it holds. */
const widthOf = ({ kind, many, name }: TableColumn): number => {
  if (name === 'name') return 160
  if (kind === 'phone') return 172
  if (kind === 'email' || kind === 'address') return 210
  if (kind === 'ref') return 106
  if (kind === 'choice') return 96
  return many ? 106 : 190
}
const createdWidth = 104
/** Whether a column shows more where there is more room: it gets what a wide screen has left. */
const isRoomy = (column: TableColumn | null): boolean => column?.kind === 'address' || column?.kind === 'longText'
/** Of the boxes: a finger's breadth, and as wide on any screen (web/ui/bulk.css). */
const pickWidth = 44

type EntityTableProps = {
  entity: Entity
  scope: Scope
  /** Names of the columns in order, `createdAt` among them. The first stays in sight when the table moves sideways. */
  columns: readonly string[]
  /** Rows, or null while they load. */
  rows: RecordView[] | null
  query: string
  sort: string
  onSort: (sort: string) => void
  expected: number
  /** Who below a record found it, by the record's id. */
  via?: Record<string, RecordView> | undefined
  /** Boxes before the rows, where rows may be picked. */
  picking?: Picking | undefined
}

const HeadCell = ({
  words,
  name,
  width,
  sort,
  onSort,
  className,
}: {
  words: string
  name: string | null
  width: number | null
  sort: string
  onSort: (sort: string) => void
  className?: string
}) => {
  const style = width === null ? undefined : { width }
  if (name === null)
    return (
      <th scope='col' style={style} className={className}>
        {words}
      </th>
    )
  const direction = sort === name ? 'ascending' : sort === `-${name}` ? 'descending' : undefined
  return (
    <th scope='col' style={style} className={className} aria-sort={direction ?? 'none'}>
      <button type='button' onClick={() => onSort(direction === 'ascending' ? `-${name}` : name)}>
        {words}
        <span className='arrow' aria-hidden='true'>
          {direction === 'ascending' ? '▲' : direction === 'descending' ? '▼' : '↕'}
        </span>
      </button>
    </th>
  )
}

/** On phones absent values go, references stand side by side, and tags wait on the record's own page. */
const cellClass = (column: TableColumn, absent: boolean): string =>
  absent ? 'blank' : column.kind === 'ref' ? 'half' : column.many && column.kind === 'text' ? 'minor' : ''

/** A column that is shown; `field` null: when the record was made. */
type Column = { name: string; width: number } & ({ column: TableColumn; field: Field } | { column: null; field: null })
type RowProps = {
  entity: Entity
  scope: Scope
  columns: readonly Column[]
  row: RecordView
  query: string
  text: ValueText
  via: RecordView | undefined
  picked: boolean | undefined
  onPick: Picking['toggle']
}

const mayReveal = (scope: Scope, name: string, row: RecordView): boolean =>
  satisfies(scope.fields[name]?.reveal ?? { kind: 'none' }, row as unknown as RuleRow)

/** One record. Kept as it is while somebody types: only an answer draws rows anew. */
const EntityRow = memo(({ entity, scope, columns, row, query, text, via, picked, onPick }: RowProps) => {
  const { t } = useTranslation()
  const labelOf = useLabel()
  const navigate = useNavigate()
  return (
    <tr
      className={picked ? 'opens picked' : 'opens'}
      onClick={(event) => {
        // What floats over the row (a reveal's reasons) is its child in React though not on the page.
        if (!event.currentTarget.contains(event.target as Node) || (event.target as Element).closest('button,a,label')) return
        if (window.getSelection()?.toString()) return
        void navigate(`/${entity.plural}/${row.id}`)
      }}
    >
      {picked === undefined ? null : (
        <PickCell picked={picked} name={plainOf(row[columns[0]!.name]) ?? ''} onPick={(range) => onPick(row.id, range)} />
      )}
      {columns.map(({ name, column, field }, i) =>
        column === null ? (
          <td key={name} className='quiet nowrap minor' data-label={t('createdAt')}>
            {formatDay(row.createdAt)}
          </td>
        ) : (
          <td
            key={name}
            className={i === 0 ? 'first' : cellClass(column, plainOf(row[name]) === null)}
            {...(i === 0 ? {} : { 'data-label': labelOf(column) })}
          >
            {i === 0 ? (
              <>
                <Link className='lead row nowrap-row' to={`/${entity.plural}/${row.id}`}>
                  <Icon name={row['kind'] === 'organisation' ? 'office' : 'home'} size={15} />
                  <span className='clip'>
                    <Highlight text={plainOf(row[name]) ?? '—'} query={query} whole />
                  </span>
                </Link>
                {via ? <FoundBy contact={via} query={query} /> : null}
              </>
            ) : (
              <ListCell
                path={entity.plural}
                record={row}
                column={column}
                field={field}
                query={query}
                text={text}
                mayReveal={mayReveal(scope, name, row)}
              />
            )}
          </td>
        ),
      )}
    </tr>
  )
})

/** A list of records made from the catalogue: headings, sorting, masks and references. On phones each row is a card. */
export const EntityTable = ({ entity, scope, columns, rows, query, sort, onSort, expected, via, picking }: EntityTableProps) => {
  const { t } = useTranslation()
  const labelOf = useLabel()
  const shown = useMemo(() => {
    const known = new Map(tableColumnsOf(entity).map((column) => [column.name, column]))
    return columns.flatMap((name): Column[] => {
      if (name === createdColumn) return [{ name, column: null, field: null, width: createdWidth }]
      const column = known.get(name)
      return column ? [{ name, column, width: widthOf(column), field: entity.fields[name] as Field }] : []
    })
  }, [entity, columns])
  // The same function for every drawing, so that picking one row does not draw the others anew.
  const toggle = useRef(picking?.toggle)
  useEffect(() => {
    toggle.current = picking?.toggle
  })
  const onPick = useCallback((id: string, range: boolean) => toggle.current?.(id, range), [])
  const text = useValueText()
  const hasRoomy = shown.some(({ column }) => isRoomy(column))
  const width = shown.reduce((sum, column) => sum + column.width, 0)
  return (
    <div className='table-scroll'>
      <table className='grid-table' style={{ minWidth: width + (picking ? pickWidth : 0) }} aria-busy={rows === null}>
        <thead>
          <tr>
            {picking ? <PickHead picking={picking} /> : null}
            {shown.map(({ name, column, width: own }, i) => (
              <HeadCell
                key={name}
                words={column ? labelOf(column) : t('createdAt')}
                name={column === null || (column.sortable && scope.fields[name]?.sort) ? name : null}
                width={(hasRoomy ? isRoomy(column) : i === 0) ? null : own}
                sort={sort}
                onSort={onSort}
                {...(i === 0 ? { className: 'first' } : {})}
              />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows === null
            ? Array.from({ length: Math.min(expected, 12) }, (_, i) => (
                <tr key={i}>
                  {[...(picking ? ['pick'] : []), ...shown.map(({ name }) => name)].map((name, j) => (
                    <td key={name} aria-hidden='true'>
                      <span className='bone' style={{ width: `${[64, 80, 52, 70, 60][(i + j) % 5]}%` }} />
                    </td>
                  ))}
                </tr>
              ))
            : rows.map((row) => (
                <EntityRow
                  key={row.id}
                  entity={entity}
                  scope={scope}
                  columns={shown}
                  row={row}
                  query={query}
                  text={text}
                  via={via?.[row.id]}
                  picked={picking?.has(row.id)}
                  onPick={onPick}
                />
              ))}
        </tbody>
      </table>
    </div>
  )
}
