import { answerSignIn } from '@/lib/auth/sign-in'

/** The forms that sign in and out, and the addresses that providers send people back to. */
const answer = async (request: Request, { params }: RouteContext<'/api/auth/[...path]'>) =>
  answerSignIn(request, (await params).path)

export { answer as GET, answer as POST }
