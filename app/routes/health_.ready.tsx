import { jsonResponse } from '#app/platform/http';
import { checkReadiness } from '#app/queries/health/check-readiness';
import { wiring } from '#app/wiring.server';

/** Ready for traffic: the database answers and has every migration of this release. */
export const loader = async () => {
  const readiness = await checkReadiness(wiring().db);
  return jsonResponse(readiness, readiness.ready ? 200 : 503);
};
