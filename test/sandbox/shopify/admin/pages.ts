import { json, type SandboxReply, type SandboxRequest } from '../../core';
import type { SandboxShop } from '../shop';

export function answerAdminPage(
  _handles: ReadonlyMap<string, SandboxShop>,
  request: SandboxRequest,
): SandboxReply {
  return json(404, { errors: `simulator: ${request.path} not implemented` });
}
