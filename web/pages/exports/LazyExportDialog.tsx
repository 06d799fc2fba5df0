import { type ComponentProps, lazy, Suspense } from 'react'

const Dialog = lazy(async () => ({ default: (await import('./ExportDialog.tsx')).ExportDialog }))

/** The export dialog, fetched when it is first opened: a list is read more often than it is taken out. */
export const LazyExportDialog = (props: ComponentProps<typeof Dialog>) => (
  <Suspense>
    <Dialog {...props} />
  </Suspense>
)
