/** Hands a queued job to whichever node is free. Resolves once it is in the queue. */
export type JobStarter = (jobId: string) => Promise<void>
