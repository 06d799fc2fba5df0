import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** Opens this process's metrics: requests by route template, and what Node tells of itself. No label ever carries an id or a value. */
export const openMetrics = () => {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const requests = new Histogram({
    name: 'anechoic_http_request_seconds',
    help: 'Time to answer, by method, route template and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  })
  const gauge = (name: string, help: string, read: () => number): void => {
    const made: Gauge = new Gauge({ name, help, registers: [], collect: () => made.set(read()) })
    registry.registerMetric(made)
  }
  return {
    onFinished: ({ method, route, status, seconds }: { method: string; route: string; status: number; seconds: number }) =>
      requests.labels(method, route, String(status)).observe(seconds),
    gauge,
    text: () => registry.metrics(),
    contentType: registry.contentType,
  }
}

export type Metrics = ReturnType<typeof openMetrics>
