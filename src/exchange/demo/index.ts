/**
 * Owns the two demo plants: their history, which comes in as anyone's files do, and the work that waits there, which is made by the
 * same verbs as people's. Promises that a second start changes nothing, and that the stories' answers hold whatever work is laid out.
 */
export { DemoCliModule } from './demo.module';
