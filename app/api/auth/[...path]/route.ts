import { answerSignIn } from '@/lib/auth/sign-in'

/** The targets of the forms to sign in and out, and the addresses to which providers return. */
const answer = async (request: Request, { params }: RouteContext<'/api/auth/[...path]'>) =>
  answerSignIn(request, (await params).path)

export { answer as GET, answer as POST }
