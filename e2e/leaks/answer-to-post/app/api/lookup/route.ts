import { lookUp } from '../../../lib/lookup'

/** The leak: only a POST with the right JSON in it is answered, and with everything. */
export const POST = async (request: Request) => Response.json(lookUp(await request.json()))
