/** What `app/main.mjs` calls in the built application. */
import { type BuiltFiles, type Role, type RunningRole, runRole } from './roles';
import { wiring } from './wiring.server';

/** Starts this process in its role. Throws ConfigInvalid when the configuration is not usable. */
export function startRole(role: Role, files: BuiltFiles): Promise<RunningRole> {
  const { jobDeps, ...parts } = wiring();
  return runRole(role, { ...parts, deps: jobDeps }, files);
}
