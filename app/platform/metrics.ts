/** Counters, gauges and histograms of one process, in Prometheus' text format. */
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** From a database round trip to a slow channel, in seconds. */
const DURATION_BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export type Labels = Readonly<Record<string, string>>;

export type Metrics = {
  /** Something that happened; the returned function counts it. */
  counter(name: string, help: string, labels?: readonly string[]): Count;
  /** Something that is; the returned function sets it. */
  gauge(name: string, help: string, labels?: readonly string[]): Measure;
  /** How long something took, in seconds; the returned function notes one duration. */
  duration(name: string, help: string, labels?: readonly string[]): Measure;
  /** Run before every reading: for numbers that have to be looked up, such as queue depth. */
  beforeReading(look: () => Promise<void>): void;
  /** The text for the metrics endpoint, and its content type. */
  read(): Promise<{ readonly contentType: string; readonly text: string }>;
};

export type Count = (labels?: Labels, by?: number) => void;
export type Measure = (value: number, labels?: Labels) => void;

/** A registry of its own, so that two in one process (tests) do not meet. */
export function createMetrics({ processMetrics = false } = {}): Metrics {
  const registry = new Registry();
  const looks: (() => Promise<void>)[] = [];
  if (processMetrics) collectDefaultMetrics({ register: registry });
  const shape = (name: string, help: string, labels: readonly string[]) => ({
    name,
    help,
    labelNames: [...labels],
    registers: [registry],
  });

  return {
    counter(name, help, labels = []) {
      const counter = new Counter(shape(name, help, labels));
      return (values = {}, by = 1) => counter.inc(values, by);
    },
    gauge(name, help, labels = []) {
      const gauge = new Gauge(shape(name, help, labels));
      return (value, values = {}) => gauge.set(values, value);
    },
    duration(name, help, labels = []) {
      const histogram = new Histogram({
        ...shape(name, help, labels),
        buckets: DURATION_BUCKETS_SECONDS,
      });
      return (value, values = {}) => histogram.observe(values, value);
    },
    beforeReading(look) {
      looks.push(look);
    },
    async read() {
      for (const look of looks) await look();
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
}
