import { QueryClientProvider } from '@tanstack/react-query'
import { ConfigProvider, theme } from 'antd'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { RouterProvider } from 'react-router/dom'
import { antdLocaleNow } from '../messages/load.ts'
import { antdTheme } from '../ui/theme.ts'
import { Toasts } from '../ui/toast.tsx'
import { useTheme } from './preferences.ts'
import { queryClient } from './queryClient.ts'
import { router } from './routes.tsx'

const motion = !window.matchMedia('(prefers-reduced-motion: reduce)').matches

/** The whole client: theme, words, cache, routes. */
export const App = () => {
  const { mode } = useTheme()
  useTranslation()
  useEffect(() => () => queryClient.clear(), [])
  const locale = antdLocaleNow()
  return (
    <ConfigProvider
      theme={antdTheme(mode, mode === 'dark' ? theme.darkAlgorithm : theme.defaultAlgorithm, motion)}
      {...(locale ? { locale } : {})}
      button={{ autoInsertSpace: false }}
    >
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
        <Toasts />
      </QueryClientProvider>
    </ConfigProvider>
  )
}
