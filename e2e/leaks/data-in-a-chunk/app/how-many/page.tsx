import { PostCount } from '../../components/post-count'

/** The leak: a client component imports the store. */
export default function HowMany() {
  return <PostCount />
}
