import { QueryClient } from '@tanstack/react-query'
import { ApiError } from './apiError.ts'

/** What is worth asking again: a server that cannot be reached or says 503 is often back within a second. */
const passing = (error: Error): boolean => error instanceof ApiError && (error.code === 'offline' || error.status === 503)

/** The cache of answers. It lives in memory only; leaving the page forgets it. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      gcTime: 5 * 60_000,
      retry: (count, error) => passing(error) && count < 2,
      retryDelay: 800,
      refetchOnWindowFocus: false,
      networkMode: 'always',
    },
    mutations: { retry: false, networkMode: 'always' },
  },
})
